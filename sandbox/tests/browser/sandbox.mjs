// A sandbox process for the tests, and an app that sends what a test gives it, right or wrong.

import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, existsSync, rmSync, watch } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const KEY = '7C1D2E3F-0A4B-4C5D-8E6F-102132435465';
export const BYTES = Buffer.from(KEY.replaceAll('-', ''), 'hex');
export const mac = (key, text) => createHmac('sha1', key).update(text).digest('hex');

/** Starts one; it writes a file once it answers. */
export async function start() {
  const folder = mkdtempSync(join(tmpdir(), 'inspector-'));
  const file = join(folder, 'ready.json');
  const ready = new Promise((resolve, reject) => {
    const watcher = watch(folder, () => existsSync(file) && (watcher.close(), resolve()));
    setTimeout(() => reject(new Error('the sandbox did not start')), 30_000).unref();
  });
  const options = ['serve', '--gateway-port', '0', '--merchant-port', '0', '--inspect', '0', '--processing-delay', '150', '--ready-file', file];
  const child = spawn(process.env.SALEKIT_SANDBOX, options, { stdio: ['ignore', 'ignore', 'inherit'] });
  await ready;
  const { gateway_url: gateway, ca_pem: ca, inspector_url: inspector, ...urls } = JSON.parse(readFileSync(file, 'utf8'));
  const merchant = urls.merchant_url ?? urls.merchant_url;
  const stop = () => {
    child.kill();
    rmSync(folder, { recursive: true });
  };
  return { gateway, merchant, inspector, ca, stop };
}

/** An app on a device that can sign for the merchant, and so make the merchant's mistakes. */
export class App {
  constructor(sandbox, device = 'device-0001') {
    Object.assign(this, { sandbox, device });
  }

  send(method, url, body) {
    return new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', connection: 'close' };
      const sending = request(url, { method, ca: this.sandbox.ca, headers }, (answer) => {
        let text = '';
        answer.on('data', (piece) => { text += piece; });
        answer.on('end', () => resolve({ status: answer.statusCode, body: text && text.startsWith('{') ? JSON.parse(text) : text }));
      });
      sending.on('error', reject);
      sending.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  async begin() {
    const { merchant } = this.sandbox;
    const access = (await this.send('GET', `${merchant}auth/request-access-token`)).body.session.accessToken;
    const begun = (await this.send('POST', `${merchant}sale/initiate-sale`, {
      consumer: { device: { serialNumber: this.device } }, session: { accessToken: access }, transaction: { amountCentis: 1050, currency: 'EUR' },
    })).body;
    return { access, invoice: begun.invoiceId, endpoint: begun.endpointId, nonce: begun.session.nonce, signature: begun.session.signature };
  }

  /** The parts that `session.signature` covers. */
  parts(sale, amount = '1050') {
    return [sale.access, this.device, sale.endpoint, sale.nonce, sale.invoice, amount, 'EUR'];
  }

  url(sale) {
    return `${this.sandbox.gateway}/dapi/v1/sale/${sale.endpoint}/${sale.invoice}`;
  }

  perform(sale, code, signature = sale.signature) {
    return this.send('POST', this.url(sale), {
      consumer: { device: { serialNumber: this.device } },
      session: { accessToken: sale.access, nonce: sale.nonce, signature },
      sourceOfFunds: { card: { number: '4111111111111111', securityCode: code, expiry: { month: 12, year: 2099 }, holder: { printedName: 'GRACE HOPPER' } } },
      transaction: { amountCentis: 1050, currency: 'EUR' },
    });
  }

  status(sale, token) {
    return this.send('POST', `${this.url(sale)}/status`, { session: { accessToken: sale.access, token } });
  }
}

/** A call of the inspector's API that changes something. */
export async function act(sandbox, path, body = {}) {
  const headers = { 'X-SaleKit-Inspector': '1', 'Content-Type': 'application/json' };
  const answer = await fetch(`${sandbox.inspector}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? null : answer.json();
}
