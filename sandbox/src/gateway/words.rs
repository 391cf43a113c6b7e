//! The words of the 3-D Secure pages, in the languages that there are words for. What testers read is English, as the rest of
//! the sandbox. Which language a browser gets is decided here; where the words stand is `html`.

/// The words of one language.
pub(super) struct Words {
    /// The language's tag, for the page.
    pub(super) lang: &'static str,
    pub(super) confirm: &'static str,
    pub(super) merchant: &'static str,
    pub(super) amount: &'static str,
    pub(super) card: &'static str,
    pub(super) invoice: &'static str,
    pub(super) password: &'static str,
    pub(super) code: &'static str,
    pub(super) send: &'static str,
    pub(super) cancel: &'static str,
    pub(super) empty: &'static str,
    pub(super) wrong: &'static str,
    /// `{}` stands for the number.
    pub(super) left: &'static str,
    pub(super) silent: &'static str,
    pub(super) passed: &'static str,
    pub(super) passed_text: &'static str,
    pub(super) failed: &'static str,
    pub(super) failed_text: &'static str,
    pub(super) cancelled: &'static str,
    pub(super) cancelled_text: &'static str,
    pub(super) late: &'static str,
    pub(super) late_text: &'static str,
    pub(super) close: &'static str,
    pub(super) back: &'static str,
    pub(super) checking: &'static str,
    pub(super) checking_text: &'static str,
    pub(super) go_on: &'static str,
}

/// The first one is for browsers that want another.
const LANGUAGES: &[&Words] = &[&EN, &DE, &FR, &ES, &IT, &PL, &PT, &RU, &TR, &UK];

/// The words for a browser that sends this `Accept-Language`, best first.
pub(super) fn of(accept_language: Option<&str>) -> &'static Words {
    let mut wanted: Vec<(f32, &str)> = accept_language
        .unwrap_or_default()
        .split(',')
        .filter_map(|range| {
            let mut parts = range.split(';');
            let tag = parts.next()?.trim();
            let weight = parts.find_map(|part| part.trim().strip_prefix("q=")?.parse().ok());
            Some((weight.unwrap_or(1.0), tag))
        })
        .filter(|(weight, _)| *weight > 0.0)
        .collect();
    wanted.sort_by(|(left, _), (right, _)| right.total_cmp(left));
    wanted
        .iter()
        .find_map(|(_, tag)| {
            let language = tag.split('-').next().unwrap_or_default();
            LANGUAGES.iter().find(|words| words.lang.eq_ignore_ascii_case(language))
        })
        .copied()
        .unwrap_or(&EN)
}

const EN: Words = Words {
    lang: "en",
    confirm: "Confirm your payment",
    merchant: "Merchant",
    amount: "Amount",
    card: "Card",
    invoice: "Invoice",
    password: "Password of your bank",
    code: "Code from your bank’s message",
    send: "Confirm",
    cancel: "Cancel",
    empty: "Please enter it first.",
    wrong: "That is not right.",
    left: "Tries left: {}",
    silent: "The bank has not reacted yet. You can wait here.",
    passed: "Confirmed",
    passed_text: "Your bank has confirmed it is you.",
    failed: "Not confirmed",
    failed_text: "It was wrong too often. The payment will be declined.",
    cancelled: "Cancelled",
    cancelled_text: "You cancelled. The payment will be declined.",
    late: "Too late",
    late_text: "The time for this page is over. The payment will be declined.",
    close: "You can close this page.",
    back: "Back to the app",
    checking: "Checking your browser",
    checking_text: "Your bank is getting ready. This takes a moment.",
    go_on: "Continue",
};

const DE: Words = Words {
    lang: "de",
    confirm: "Zahlung bestätigen",
    merchant: "Händler",
    amount: "Betrag",
    card: "Karte",
    invoice: "Rechnung",
    password: "Passwort Ihrer Bank",
    code: "Code aus der Nachricht Ihrer Bank",
    send: "Bestätigen",
    cancel: "Abbrechen",
    empty: "Bitte zuerst etwas eingeben.",
    wrong: "Das stimmt nicht.",
    left: "Noch Versuche: {}",
    silent: "Die Bank hat noch nicht reagiert. Sie können hier warten.",
    passed: "Bestätigt",
    passed_text: "Ihre Bank hat bestätigt, dass Sie es sind.",
    failed: "Nicht bestätigt",
    failed_text: "Zu oft falsch eingegeben. Die Zahlung wird abgelehnt.",
    cancelled: "Abgebrochen",
    cancelled_text: "Sie haben abgebrochen. Die Zahlung wird abgelehnt.",
    late: "Zu spät",
    late_text: "Die Zeit für diese Seite ist um. Die Zahlung wird abgelehnt.",
    close: "Sie können diese Seite schließen.",
    back: "Zurück zur App",
    checking: "Browser wird geprüft",
    checking_text: "Ihre Bank bereitet sich vor. Das dauert einen Moment.",
    go_on: "Weiter",
};

const FR: Words = Words {
    lang: "fr",
    confirm: "Confirmez le paiement",
    merchant: "Marchand",
    amount: "Montant",
    card: "Carte",
    invoice: "Facture",
    password: "Mot de passe de votre banque",
    code: "Code reçu de votre banque",
    send: "Confirmer",
    cancel: "Annuler",
    empty: "Saisissez-le d’abord.",
    wrong: "Ce n’est pas correct.",
    left: "Essais restants : {}",
    silent: "La banque n’a pas encore réagi. Vous pouvez attendre ici.",
    passed: "Confirmé",
    passed_text: "Votre banque a confirmé que c’est bien vous.",
    failed: "Non confirmé",
    failed_text: "Trop d’essais erronés. Le paiement sera refusé.",
    cancelled: "Annulé",
    cancelled_text: "Vous avez annulé. Le paiement sera refusé.",
    late: "Trop tard",
    late_text: "Le temps imparti est écoulé. Le paiement sera refusé.",
    close: "Vous pouvez fermer cette page.",
    back: "Retour à l’app",
    checking: "Vérification du navigateur",
    checking_text: "Votre banque se prépare. Cela prend un instant.",
    go_on: "Continuer",
};

const ES: Words = Words {
    lang: "es",
    confirm: "Confirme el pago",
    merchant: "Comercio",
    amount: "Importe",
    card: "Tarjeta",
    invoice: "Factura",
    password: "Contraseña de su banco",
    code: "Código del mensaje de su banco",
    send: "Confirmar",
    cancel: "Cancelar",
    empty: "Introdúzcala primero.",
    wrong: "No es correcto.",
    left: "Intentos restantes: {}",
    silent: "El banco aún no ha respondido. Puede esperar aquí.",
    passed: "Confirmado",
    passed_text: "Su banco ha confirmado que es usted.",
    failed: "No confirmado",
    failed_text: "Demasiados intentos erróneos. El pago será rechazado.",
    cancelled: "Cancelado",
    cancelled_text: "Ha cancelado. El pago será rechazado.",
    late: "Demasiado tarde",
    late_text: "El tiempo de esta página ha terminado. El pago será rechazado.",
    close: "Puede cerrar esta página.",
    back: "Volver a la app",
    checking: "Comprobando el navegador",
    checking_text: "Su banco se está preparando. Tarda un momento.",
    go_on: "Continuar",
};

const IT: Words = Words {
    lang: "it",
    confirm: "Conferma il pagamento",
    merchant: "Negozio",
    amount: "Importo",
    card: "Carta",
    invoice: "Fattura",
    password: "Password della tua banca",
    code: "Codice inviato dalla banca",
    send: "Conferma",
    cancel: "Annulla",
    empty: "Inserisci prima il valore.",
    wrong: "Non è corretto.",
    left: "Tentativi rimasti: {}",
    silent: "La banca non ha ancora risposto. Puoi aspettare qui.",
    passed: "Confermato",
    passed_text: "La tua banca ha confermato che sei tu.",
    failed: "Non confermato",
    failed_text: "Troppi tentativi errati. Il pagamento sarà rifiutato.",
    cancelled: "Annullato",
    cancelled_text: "Hai annullato. Il pagamento sarà rifiutato.",
    late: "Troppo tardi",
    late_text: "Il tempo per questa pagina è scaduto. Il pagamento sarà rifiutato.",
    close: "Puoi chiudere questa pagina.",
    back: "Torna all’app",
    checking: "Controllo del browser",
    checking_text: "La tua banca si sta preparando. Ci vuole un attimo.",
    go_on: "Continua",
};

const PL: Words = Words {
    lang: "pl",
    confirm: "Potwierdź płatność",
    merchant: "Sprzedawca",
    amount: "Kwota",
    card: "Karta",
    invoice: "Faktura",
    password: "Hasło z banku",
    code: "Kod z wiadomości od banku",
    send: "Potwierdź",
    cancel: "Anuluj",
    empty: "Najpierw wypełnij to pole.",
    wrong: "To nie jest poprawne.",
    left: "Pozostałe próby: {}",
    silent: "Bank jeszcze nie odpowiedział. Możesz tu poczekać.",
    passed: "Potwierdzono",
    passed_text: "Bank potwierdził Twoją tożsamość.",
    failed: "Nie potwierdzono",
    failed_text: "Zbyt wiele błędnych prób. Płatność zostanie odrzucona.",
    cancelled: "Anulowano",
    cancelled_text: "Anulowano. Płatność zostanie odrzucona.",
    late: "Za późno",
    late_text: "Czas na tę stronę minął. Płatność zostanie odrzucona.",
    close: "Możesz zamknąć tę stronę.",
    back: "Wróć do aplikacji",
    checking: "Sprawdzanie przeglądarki",
    checking_text: "Bank się przygotowuje. To potrwa chwilę.",
    go_on: "Dalej",
};

const PT: Words = Words {
    lang: "pt",
    confirm: "Confirme o pagamento",
    merchant: "Loja",
    amount: "Valor",
    card: "Cartão",
    invoice: "Fatura",
    password: "Senha do seu banco",
    code: "Código da mensagem do banco",
    send: "Confirmar",
    cancel: "Cancelar",
    empty: "Preencha primeiro este campo.",
    wrong: "Não está certo.",
    left: "Tentativas restantes: {}",
    silent: "O banco ainda não respondeu. Pode esperar aqui.",
    passed: "Confirmado",
    passed_text: "O seu banco confirmou a sua identidade.",
    failed: "Não confirmado",
    failed_text: "Demasiadas tentativas erradas. O pagamento será recusado.",
    cancelled: "Cancelado",
    cancelled_text: "Cancelou. O pagamento será recusado.",
    late: "Tarde demais",
    late_text: "O tempo desta página terminou. O pagamento será recusado.",
    close: "Pode fechar esta página.",
    back: "Voltar à app",
    checking: "A verificar o navegador",
    checking_text: "O seu banco está a preparar-se. Demora um momento.",
    go_on: "Continuar",
};

const RU: Words = Words {
    lang: "ru",
    confirm: "Подтвердите оплату",
    merchant: "Магазин",
    amount: "Сумма",
    card: "Карта",
    invoice: "Счёт",
    password: "Пароль вашего банка",
    code: "Код из сообщения банка",
    send: "Подтвердить",
    cancel: "Отменить",
    empty: "Сначала заполните это поле.",
    wrong: "Это неверно.",
    left: "Осталось попыток: {}",
    silent: "Банк ещё не ответил. Можно подождать здесь.",
    passed: "Подтверждено",
    passed_text: "Ваш банк подтвердил, что это вы.",
    failed: "Не подтверждено",
    failed_text: "Слишком много ошибок. Платёж будет отклонён.",
    cancelled: "Отменено",
    cancelled_text: "Вы отменили подтверждение. Платёж будет отклонён.",
    late: "Слишком поздно",
    late_text: "Время этой страницы истекло. Платёж будет отклонён.",
    close: "Эту страницу можно закрыть.",
    back: "Вернуться в приложение",
    checking: "Проверка браузера",
    checking_text: "Ваш банк готовится. Это займёт немного времени.",
    go_on: "Дальше",
};

const TR: Words = Words {
    lang: "tr",
    confirm: "Ödemeyi onaylayın",
    merchant: "İş yeri",
    amount: "Tutar",
    card: "Kart",
    invoice: "Fatura",
    password: "Bankanızın şifresi",
    code: "Banka mesajındaki kod",
    send: "Onayla",
    cancel: "İptal",
    empty: "Önce bu alanı doldurun.",
    wrong: "Bu doğru değil.",
    left: "Kalan deneme: {}",
    silent: "Banka henüz yanıt vermedi. Burada bekleyebilirsiniz.",
    passed: "Onaylandı",
    passed_text: "Bankanız kimliğinizi onayladı.",
    failed: "Onaylanmadı",
    failed_text: "Çok fazla yanlış deneme. Ödeme reddedilecek.",
    cancelled: "İptal edildi",
    cancelled_text: "İptal ettiniz. Ödeme reddedilecek.",
    late: "Çok geç",
    late_text: "Bu sayfanın süresi doldu. Ödeme reddedilecek.",
    close: "Bu sayfayı kapatabilirsiniz.",
    back: "Uygulamaya dön",
    checking: "Tarayıcı denetleniyor",
    checking_text: "Bankanız hazırlanıyor. Bu biraz sürer.",
    go_on: "Devam",
};

const UK: Words = Words {
    lang: "uk",
    confirm: "Підтвердьте оплату",
    merchant: "Магазин",
    amount: "Сума",
    card: "Картка",
    invoice: "Рахунок",
    password: "Пароль вашого банку",
    code: "Код із повідомлення банку",
    send: "Підтвердити",
    cancel: "Скасувати",
    empty: "Спочатку заповніть це поле.",
    wrong: "Це неправильно.",
    left: "Залишилося спроб: {}",
    silent: "Банк ще не відповів. Можна почекати тут.",
    passed: "Підтверджено",
    passed_text: "Ваш банк підтвердив, що це ви.",
    failed: "Не підтверджено",
    failed_text: "Забагато помилок. Платіж буде відхилено.",
    cancelled: "Скасовано",
    cancelled_text: "Ви скасували підтвердження. Платіж буде відхилено.",
    late: "Надто пізно",
    late_text: "Час цієї сторінки минув. Платіж буде відхилено.",
    close: "Цю сторінку можна закрити.",
    back: "Повернутися до застосунку",
    checking: "Перевірка браузера",
    checking_text: "Ваш банк готується. Це триватиме мить.",
    go_on: "Далі",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browsers_best_language_with_words_is_taken() {
        for (accepted, lang) in [
            (None, "en"),
            (Some(""), "en"),
            (Some("de-AT,de;q=0.9,en;q=0.8"), "de"),
            (Some("ja,fr-CA;q=0.5,en;q=0.7"), "en"),
            (Some("ja, PT-br;q=0.5"), "pt"),
            (Some("ja"), "en"),
            (Some("de;q=0,ru;q=0.1"), "ru"),
            (Some("*;q=x,tr;q=0.2"), "tr"),
        ] {
            assert_eq!(of(accepted).lang, lang, "{accepted:?}");
        }
        assert!(LANGUAGES.iter().all(|words| words.left.contains("{}")));
    }
}
