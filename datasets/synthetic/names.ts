/** Names of the invented people and companies. Any likeness to a real one is chance. */
export const FIRST_NAMES = [
  ['Somchai', 'สมชาย'], ['Suda', 'สุดา'], ['Anan', 'อนันต์'], ['Malee', 'มาลี'], ['Kitti', 'กิตติ'], ['Ploy', 'พลอย'],
  ['Niran', 'นิรันดร์'], ['Arisa', 'อริสา'], ['Prasert', 'ประเสริฐ'], ['Kanya', 'กัญญา'], ['Wichai', 'วิชัย'], ['Orn', 'อร'],
  ['Thana', 'ธนา'], ['Rung', 'รุ้ง'], ['Chai', 'ชัย'], ['Napa', 'นภา'], ['Decha', 'เดชา'], ['Siri', 'สิริ'],
  ['Pong', 'พงษ์'], ['Wan', 'วรรณ'],
] as const; // biome-ignore format: a table
export const LAST_NAMES = [
  ['Suksan', 'สุขสันต์'], ['Jaidee', 'ใจดี'], ['Rakthai', 'รักไทย'], ['Thongdee', 'ทองดี'], ['Wongsa', 'วงษา'],
  ['Srisuk', 'ศรีสุข'], ['Boonmee', 'บุญมี'], ['Chaiyo', 'ไชโย'], ['Phanich', 'พานิช'], ['Kaewta', 'แก้วตา'],
  ['Meechai', 'มีชัย'], ['Sombat', 'สมบัติ'], ['Inthong', 'อินทอง'], ['Charoen', 'เจริญ'], ['Limthong', 'ลิ้มทอง'],
  ['Saetang', 'แซ่ตั้ง'],
] as const; // biome-ignore format: a table
export const FOREIGN_FIRST = [
  'Anna',
  'Ben',
  'Clara',
  'David',
  'Eva',
  'Felix',
  'Grace',
  'Henry',
  'Ines',
  'James',
  'Kate',
  'Lukas',
];
export const FOREIGN_LAST = [
  'Becker',
  'Carter',
  'Dubois',
  'Evans',
  'Fischer',
  'Garcia',
  'Hansen',
  'Keller',
  'Lim',
  'Martin',
  'Nguyen',
  'Tan',
];
export const COMPANY_HEADS = [
  'Siam',
  'Chao Phraya',
  'Andaman',
  'Isan',
  'Lanna',
  'Golden Lotus',
  'Blue Elephant',
  'Eastern',
  'Ruen',
  'Thara',
  'Mekong',
  'Naga',
  'Orchid',
  'Phet',
  'Sala',
  'Tawan',
  'Udom',
  'Victory',
  'White Sand',
  'Banyan',
];
export const COMPANY_TAILS = [
  'Works',
  'Trading',
  'Group',
  'Industries',
  'Partners',
  'Holdings',
  'Services',
  'Supply',
  'Union',
  'Center',
];
export const TITLES = [
  ['Purchasing Manager', 'Purchasing'], ['Operations Director', 'Operations'], ['Managing Director', 'Management'],
  ['Finance Manager', 'Finance'], ['IT Manager', 'IT'], ['Engineer', 'Engineering'], ['Legal Counsel', 'Legal'],
  ['Assistant', 'Administration'],
] as const; // biome-ignore format: a table
/** Role on a deal, by the index of the title. */
export const ROLES = [
  'buyer',
  'champion',
  'decision maker',
  'finance',
  'technical',
  'technical',
  'legal',
  'other',
] as const;
