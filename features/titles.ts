const HEAD =
  /\b(ceo|cfo|coo|cto|cio|cmo|cpo|chief|owner|founder|partner|president|director|vp|vice president|head of|managing|chair\w*|gm|general manager)\b|เจ้าของ|กรรมการ|ประธาน|ผู้อำนวยการ|หุ้นส่วน|หัวหน้าฝ่าย/i;
const MANAGER = /\b(manager|lead|supervisor|buyer|purchas\w*|procurement|controller|head)\b|ผู้จัดการ|หัวหน้า|จัดซื้อ/i;

/** How much a person decides, by words of their job title (English and Thai); undefined without a title. */
export function titleClass(title: string | null | undefined): 'head' | 'manager' | 'other' | undefined {
  if (!title?.trim()) return undefined;
  if (HEAD.test(title)) return 'head';
  return MANAGER.test(title) ? 'manager' : 'other';
}
