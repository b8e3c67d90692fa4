import type { Language, PersonForm, PersonReference } from './language.js';

const pronouns = { f: '她', m: '他' } as const;

function person(reference: PersonReference, form: PersonForm): string {
  if (form === 'role') return reference.by === 'role' ? reference.role : '';
  const words =
    reference.by === 'name'
      ? reference.name
      : reference.by === 'pronoun'
        ? pronouns[reference.gender]
        : reference.by === 'role'
          ? `那个${reference.role}`
          : `${pronouns[reference.of]}的${reference.relation}${reference.name}`;
  return form === 'possessor' ? `${words}的` : words;
}

const thing = (measure: string, noun: string, use: string) => ({ noun, use, measure });
const place = (name: string, at = `在${name}里`) => ({ name, at });
const side = (name: string) => place(name, `在${name}`);

const transfers = [
  '{A:name}把{O:full}[送|交|借|递]给了{B:name}。',
  '{B:name}从{A:name}那里[借走|拿到|得到]了{O:full}。',
];

export const chinese: Language = {
  lang: 'zh',
  space: '',
  comma: '，',
  names: {
    f: [
      ...['小梅', '阿珍', '秀英', '玉华', '春燕', '丽娜', '美玲', '雪芹', '婷婷', '佳慧', '红霞', '桂花'],
      ...['若兰', '思雨', '晓月', '淑芬', '巧云', '彩凤', '金枝', '素心', '翠竹', '冰清', '念慈', '可欣'],
    ],
    m: [
      ...['大伟', '阿强', '志明', '建国', '文斌', '小龙', '天宇', '家豪', '永康', '子轩', '国栋', '海涛'],
      ...['东升', '立诚', '光耀', '振华', '学文', '宏达', '一鸣', '景行', '长风', '伯安', '广田', '石生'],
    ],
  },
  roles: [
    ...['织工', '面包师', '磨坊主', '老师', '画家', '医生', '园丁', '歌手', '裁缝'],
    ...['木匠', '水手', '陶工', '铁匠', '农夫', '店员', '牧羊人', '猎人', '厨师'],
  ],
  relations: ['朋友', '邻居', '表亲', '学生', '伙伴', '客人'],
  things: [
    ...[thing('支', '笛子', '吹起了{O}'), thing('盏', '灯', '点亮了{O}'), thing('本', '书', '翻开了{O}')],
    ...[thing('只', '风筝', '放飞了{O}'), thing('座', '钟', '上紧了{O}'), thing('面', '鼓', '敲响了{O}')],
    ...[thing('把', '提琴', '拉起了{O}'), thing('把', '雨伞', '收起了{O}'), thing('个', '篮子', '装满了{O}')],
    ...[thing('把', '小刀', '磨快了{O}'), thing('张', '地图', '看了看{O}'), thing('件', '外套', '穿上了{O}')],
    ...[thing('枚', '戒指', '擦亮了{O}'), thing('把', '钥匙', '转动了{O}'), thing('个', '杯子', '洗净了{O}')],
    ...[thing('面', '镜子', '照了照{O}'), thing('个', '哨子', '吹响了{O}'), thing('支', '号角', '吹响了{O}')],
    ...[thing('个', '铃铛', '摇响了{O}'), thing('个', '娃娃', '打扮了{O}'), thing('个', '罗盘', '跟着{O}走')],
    ...[thing('架', '望远镜', '举起了{O}'), thing('把', '刷子', '洗净了{O}'), thing('顶', '帽子', '戴上了{O}')],
    ...[thing('条', '毯子', '叠好了{O}'), thing('个', '盒子', '打开了{O}'), thing('副', '马鞍', '修好了{O}')],
    thing('条', '绳子', '盘好了{O}'),
  ],
  qualities: [
    ...['银色的', '金色的', '木头的', '红色的', '蓝色的', '绿色的', '黑色的', '白色的'],
    ...['古老的', '小小的', '沉重的', '破旧的', '彩色的', '黄铜的', '弯弯的', '闪亮的'],
  ],
  places: [
    ...[place('磨坊'), place('花园'), place('港口'), place('市场'), side('河边'), side('桥头'), place('森林')],
    ...[side('山上'), place('车站'), place('教堂'), place('客栈'), place('图书馆'), place('学校'), place('谷仓')],
    ...[side('井边'), place('城堡'), side('海滩上'), place('山谷'), place('面包房'), place('果园'), side('湖边')],
    ...[place('塔楼'), place('农场'), side('广场上')],
  ],
  weathers: ['雨', '雪', '大风', '雾', '冰雹'],
  times: [
    ...['那天晚上', '第二天早上', '后来', '不久', '中午', '过了一会儿', '有一天', '天亮时'],
    ...['一个星期后', '星期天', '天黑之前', '下午'],
  ],
  moods: {
    sad: ['难过', '伤心', '失落'],
    happy: ['高兴', '快乐', '开心'],
    relieved: ['安心', '放心', '轻松'],
    angry: ['生气', '恼火', '愤怒'],
    grateful: ['感激', '感动', '温暖'],
  },
  templates: {
    open: [
      '{A:name}是一个{A:role}，住在{H}[附近|旁边|不远处]。',
      '{A:role}{A:name}住在{H}[附近|旁边|不远处]。',
      '{H}[附近|旁边|不远处]住着一个[名叫|叫作]{A:name}的{A:role}。',
      '从前有一个[名叫|叫作]{A:name}的{A:role}，住在{H}[附近|旁边]。',
      '{H:at}，人人都认识{A:role}{A:name}。',
    ],
    own: [
      '{A}有{O:first}。',
      '{A}有{O:first}，[非常|一直很]喜欢它。',
      '{A}最[好|宝贵|心爱]的东西是{O:first}。',
      '在所有东西里，{A}最[喜欢|爱]的是{O:first}。',
    ],
    friend: [
      '{A:possessor}{R}是{B:name}，一个来自{H}的{B:role}。',
      '{A}有一个[名叫|叫作]{B:name}的{R}，是来自{H}的{B:role}。',
      '{B:role}{B:name}是{A:possessor}{R}，住在{H}[附近|旁边]。',
    ],
    arrive: [
      '{T}一个[名叫|叫作]{A:name}的{A:role}来到了{P}。',
      '{T}{A:name}来到了{P}，是一个{A:role}。',
      '{T}{A:role}{A:name}来到了{P}。',
    ],
    go: ['{T}{A}[去了|走到了|赶到了]{P}。', '{T}{A}要去{P}办事。'],
    meet: [
      '{T}{A}{P:at}遇见了{B:object}。',
      '{T}{A}和{B:object}{P:at}见面了。',
      '{T}{A}[去了|走到了|赶到了]{P}，遇见了{B:object}。',
    ],
    carry: ['{T}{A}把{O}[带|拿|送]到了{P}。', '{T}{A}带着{O}[去了|走到了]{P}。'],
    use: ['{T}{A}{P:at}{U}。', '{T}{A}{U}，过了[一整天|一个小时|很久]。'],
    wait: ['{A}{P:at}[等|休息|忙]了[一整天|一个小时|很久]。', '这段时间{A}一直{P:at}。'],
    give: ['{T}{A}把{O}[送|交|递]给了{B:object}。', '{T}{B}从{A:object}那里[拿到|得到]了{O}。'],
    lend: ['{T}{A}把{O}借给了{B:object}。', '{T}{B}从{A:object}那里借走了{O}。'],
    visit: [
      '{T}{B}[来到|走到]了{P}，{A}把{O}[送|交|递]给了{B:object}。',
      '{T}{B}[来到|走到]了{P}，从{A:object}那里[拿到|得到]了{O}。',
    ],
    borrow: [
      '{T}{B}[来到|走到]了{P}，从{A:object}那里借走了{O}。',
      '{T}{B}[来到|走到]了{P}，{A}把{O}借给了{B:object}。',
    ],
    return: ['{T}{A}把{O}还给了{B:object}。', '{T}{B}从{A:object}那里拿回了{O}。'],
    trade: ['作为回报，{A}[送|递]给{B:object}{Q:first}。', '作为回报，{B}从{A:object}那里得到了{Q:first}。'],
    steal: ['{T}{A}[没有问|不说一声]就拿走了{B:possessor}{O:noun}。', '{T}{A}从{B:object}那里偷走了{O}。'],
    lose: ['{T}{A}{P:at}[弄丢了|丢下了|忘记了]{O}。', '{T}{A}{P:at}不小心弄丢了{O}。'],
    hide: ['{T}{A}把{O}藏{P:at}。', '{T}{A}{P:at}把{O}收好了。'],
    search: ['{T}{A}{P:at}找{O}，可是[没有找到|它不在那里]。', '{T}为了找{O}，{A}去了{P}，可是[没有找到|它不在那里]。'],
    find: ['{T}{A}{P:at}找到了{O}。', '{T}{A}{P:at}捡到了{O}。'],
    fetch: ['{T}{A}[去了|走到了|赶到了]{P}，找到了{O}。', '{T}{A}从{P}取回了{O}。'],
    lostByOther: ['{A}很{M}，因为{B}弄丢了{O}。', '因为{B}弄丢了{O}，{A}很{M}。', '{A}感到{M}，因为{B}弄丢了{O}。'],
    lostByOwner: ['{A}很{M}，因为{O}不见了。', '因为{O}不见了，{A}感到{M}。', '没有了{O}，{A}感到{M}。'],
    gifted: ['{A}因为这份礼物很{M}。', '{A}谢了{B:object}，感到{M}。', '因为这份礼物，{A}很{M}。'],
    returned: ['{A}很{M}，因为{O}回来了。', '{A}很{M}，因为{B}说到做到。', '{A}感到{M}，谢了{B:object}。'],
    found: ['{A}很{M}，因为{O}找回来了。', '因为{O}找回来了，{A}感到{M}。'],
    stolen: ['{A}很{M}，因为{B}拿走了{O}。', '{A}对{B:object}感到{M}。', '没有了{O}，{A}感到{M}。'],
    still: ['{T}{A}还是很{M}。', '{T}{A}仍然感到{M}。'],
    status: ['现在{O}在{A:object}那里。', '现在{A}有{O}。', '{T}{O}还在{A:object}那里。'],
    lies: ['现在{O}{P:at}。', '这段时间{O}一直{P:at}。', '没有人看见{O}{P:at}。'],
    whoAsk: [
      '[现在|这时|最后|那么|到头来]谁有{O:full}？‖{A:name}[|还|当然]有它。',
      '[现在|这时|最后|那么|到头来]谁有{O:full}？‖它在{A:name}那里。',
    ],
    sheOrHe: ['[现在|这时|最后|那么|到头来]谁有{O:full}？‖{A:pronoun}[|还|当然|一直]有它。'],
    whereAsk: [
      '[现在|这时|那么]{A:name}在哪里？‖{A}[|还|一直]{P:at}。',
      '{A:name}[现在|这时|后来]在哪里？‖{A}[|还|一直]{P:at}。',
    ],
    yes: ['{O:full}[现在|这时|最后|后来|还]在{A:name}那里吗？‖是的，它[|还|当然]在那里。'],
    no: [
      '{O:full}[现在|这时|最后|后来|还]在{B:name}那里吗？‖不，它在{A:name}那里。',
      '{O:full}[现在|这时|最后|后来|还]在{B:name}那里吗？‖不，{A:name}[|还]有它。',
    ],
    nobody: [
      '{O:full}[现在|这时|最后|后来|还]在{B:name}那里吗？‖不，它[|还|一直]{P:at}。',
      '[现在|这时|最后|那么|到头来]谁有{O:full}？‖[没有人|谁也没]有它。',
    ],
    weather: ['{T}{P:at}有[很大|一点|很冷]的{W}。', '{T}{P}来了[很大|一点|很冷]的{W}。'],
    weatherEnd: ['最后{W}过去了。', '{T}{W}[停了|过去了]。'],
    endHeld: [
      '最后{O:full}{P:at}，在{A:name}那里。',
      '就这样，{O:full}留在了{A:name}那里，{P:at}。',
      '最后{A:name}{P:at}，有{O:full}。',
    ],
    endLies: ['最后{O:full}还是{P:at}。', '就这样，{O:full}留{P:at}，没有人有它。'],
    endMood: ['{A}回到{H}的家里，很{M}。', '那天夜里{A}回到了{H}的家，还是很{M}。'],
    endHome: ['那天夜里{A}在{H}[附近|旁边]的家里睡了，梦见了{O}。', '{A}回到{H}的家里，想着{O}。'],
  },
  task: {
    meet: ['{T}{A:name}{P:at}遇见了{B:name}。', '{T}{A:name}和{B:name}{P:at}见面了。'],
    idle: [
      '{A:name}和{B:name}{P:at}[等|休息|忙]了[一整天|一个小时|很久]。',
      '{T}{P:at}有[很大|一点|很冷]的{W}。',
      '{T}{A:name}和{B:name}[去了|走到了|赶到了]{P}。',
    ],
    transfer: transfers.map((template) => `{T}${template}`),
    question: ['现在谁有{O:full}？'],
  },
  answers: { f: '她', m: '他' },
  person,
  thing: (form, { noun, quality }) => {
    if (form === 'it') return '它';
    if (form === 'noun') return `那${noun.measure}${noun.noun}`;
    return `${form === 'full' ? '那' : '一'}${noun.measure}${quality}${noun.noun}`;
  },
  thingName: ({ noun, quality }) => `${quality}${noun.noun}`,
  finish: (sentence) => sentence,
};
