/** How many words of each kind every language has, so that one state of affairs can be told in any of them. */
export const namesPerGender = 24;
export const roleCount = 18;
export const relationCount = 6;
export const thingCount = 28;
export const qualityCount = 16;
export const placeCount = 24;
export const weatherCount = 5;
/** Words for each mood. */
export const moodWords = 3;
