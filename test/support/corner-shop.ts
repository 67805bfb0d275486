/** The file of a token requestor that does not ship. */
export const cornerShop = `tokenRequestorId: "50190000001"
name: Corner Shop Limited
consumerFacingEntityName: Corner Shop
tokenRequestorType: MERCHANT
accountTypes: [card]
enabledAccountRanges: ["5123456789"]
pushMethods: { WEB: https://shop.example/push }
`
