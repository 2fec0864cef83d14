// A character set by a server's name for it → the name by which `ColumnType.charset` knows it; nothing for those that hold all of
// Unicode, and for those that cannot be looked into here.

const names: Readonly<Record<string, string>> = {
  ascii: "ascii",
  us7ascii: "ascii",
  utf8: "bmp",
  utf8mb3: "bmp",
  ucs2: "bmp",
  iso88591: "iso-8859-1",
  cp1252: "windows-1252",
  latin2: "iso-8859-2",
  latin3: "iso-8859-3",
  latin4: "iso-8859-4",
  latin5: "windows-1254",
  latin6: "iso-8859-10",
  latin7: "iso-8859-13",
  latin8: "iso-8859-14",
  latin9: "iso-8859-15",
  latin10: "iso-8859-16",
  iso_8859_5: "iso-8859-5",
  iso_8859_6: "iso-8859-6",
  iso_8859_7: "iso-8859-7",
  iso_8859_8: "iso-8859-8",
  greek: "iso-8859-7",
  hebrew: "iso-8859-8",
  koi8r: "koi8-r",
  koi8u: "koi8-u",
  cp866: "ibm866",
  win866: "ibm866",
  win874: "windows-874",
  tis620: "windows-874",
  macroman: "macintosh",
  sjis: "shift_jis",
  cp932: "shift_jis",
  ujis: "euc-jp",
  eucjpms: "euc-jp",
  euc_jp: "euc-jp",
  euckr: "euc-kr",
  euc_kr: "euc-kr",
  euc_cn: "gbk",
  gb2312: "gbk",
  gbk: "gbk",
  big5: "big5",
};

export function charsetNamed(name: string): { charset?: string } {
  const folded = name.toLowerCase();
  const [, page] = /^(?:cp|win)(125[0-8])$/.exec(folded) ?? [];
  const charset = page === undefined ? names[folded] : `windows-${page}`;
  return charset === undefined ? {} : { charset };
}
