namespace StellarPay.Frontdoor.Auth.Sessions;

/// <summary>
/// Which program on which system a User-Agent is, without versions: an update is no new device. What everybody knows has a name; of
/// others it is the first word, to tell them apart and not to be shown.
/// </summary>
internal static class DeviceProgram
{
    private const string Nothing = "unknown";
    private const string Of = " on ";

    // The first that is in the text: most browsers name others, too.
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"), ("Linux", "Linux"),
    ];

    private static readonly HashSet<string> Known =
        [.. Browsers.SelectMany(browser => Systems.Select(system => browser.Name + Of + system.Name))];

    /// <summary>The program and its system.</summary>
    public static string Read(string? userAgent)
    {
        if (userAgent is null)
        {
            return Nothing;
        }

        var browser = NameIn(userAgent, Browsers);
        var system = NameIn(userAgent, Systems);
        return browser is not null && system is not null
            ? browser + Of + system
            : userAgent.Split('/', ' ')[0];
    }

    /// <summary>Whether it may be shown: it is one of a few names, and none that somebody has made up.</summary>
    public static bool IsKnown(string? program) => program is not null && Known.Contains(program);

    private static string? NameIn(string text, (string Mark, string Name)[] names) =>
        names.FirstOrDefault(name => text.Contains(name.Mark, StringComparison.Ordinal)).Name;
}
