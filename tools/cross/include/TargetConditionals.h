/*
 * The one platform header that ring asks for on Apple's systems, in as much as ring asks: on which of them it is. Written
 * for compile checks on machines without Xcode; a build for release takes Xcode's.
 */
#define TARGET_OS_MAC 1
#define TARGET_OS_OSX 0
#define TARGET_OS_IPHONE 1
#define TARGET_OS_IOS 1
