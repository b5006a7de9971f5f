using System.Text;

namespace StellarPay.Frontdoor.Tests.Errors;

/// <summary>What clients should not send, but do.</summary>
internal static class BadValues
{
    /// <summary>JSON values of the wrong type for a text.</summary>
    public static readonly string[] WrongTypes =
        ["null", "0", "-1", "1e400", "12345678901234567890", "0.1", "true", "[]", "{}", "[\"a\"]", "{\"a\":\"b\"}"];

    /// <summary>JSON texts that mean nothing in any of our fields but passwords.</summary>
    public static readonly string[] Nonsense =
    [
        "\"\"", "\" \"", "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\n\\r\\t\"", "\"NaN\"", "\"Infinity\"",
        "\"-1\"", "\"1e3\"", "\"0x10\"", "\"١٢\"", "\"💸\"", "\"\\u202Etxt\"", "\"' OR '1'='1\"", "\"; DROP TABLE users; --\"",
        "\"${jndi:ldap://x}\"", "\"<script>alert(1)</script>\"", "\"../../etc/passwd\"", "\"%s%n\"", "\"" + new string('a', 30_000) + "\"",
        "\"" + string.Concat(Enumerable.Repeat("\\u0661", 2000)) + "\"",
    ];

    /// <summary>Whole bodies that are not the JSON object that was asked for.</summary>
    public static readonly string[] Bodies =
    [
        "", " ", "null", "true", "0", "\"text\"", "[]", "[{}]", "{", "}", "{}", "{\"", "{\"a\":", "{\"a\":1", "{\"a\":1}}", "{a:1}", "{'a':1}",
        "{\"a\":1,}", "{} {}", "// no\n{}", "{\"a\":NaN}", "{\"a\":01}", "{\"email\":\"a@b.co\",\"email\":\"c@d.co\"}",
        "{\"recipient\":\"a@b.co\",\"recipient\":\"c@d.co\"}", "\ufeff{", "<xml/>", "a=b&c=d", Nested('[', ']'), Nested('{', '}'),
    ];

    /// <summary>Bodies that are not even UTF-8.</summary>
    public static readonly byte[][] Bytes =
    [
        [0xff, 0xfe, 0x00], [0xc3, 0x28], [.. "{\"email\":\""u8, 0xff, 0xff, .. "\",\"recipient\":\""u8, 0xff, .. "\"}"u8],
        Encoding.Unicode.GetBytes("{\"email\":\"a@b.co\"}"), new byte[1000],
    ];

    /// <summary>Paths and queries: what may stand where an id or a number should.</summary>
    public static readonly string[] Segments =
    [
        "0", "-1", "x", "txn_", "txn_0", "txn_00000000000000000000000O", "usr_000000000000000000000000", "TXN_000000000000000000000000",
        "%00", "%0a", "%20", "%ff", "..%2f..%2fetc", "%27%20OR%201%3D1--", "%F0%9F%92%B8", "null", "undefined", "NaN", "{id}", new string('a', 3000),
    ];

    private static string Nested(char open, char close)
    {
        var opened = open == '{' ? "{\"a\":" : "[";
        return string.Concat(Enumerable.Repeat(opened, 5000)) + "1" + new string(close, 5000);
    }
}
