/** Words of sales systems, in English and Thai, for an order that will not be: a map may look other words up to one of them. */
const CANCELLED = /cancel|void|annul|rejected|declined|ยกเลิก|โมฆะ|ปฏิเสธ/i;

/** Whether a status says that the order does not stand. A return is no cancellation: it was bought. */
export const isCancelled = (status: string | null): boolean => status !== null && CANCELLED.test(status);
