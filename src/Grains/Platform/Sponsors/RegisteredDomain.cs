namespace StellarPay.Grains.Platform.Sponsors;

/// <summary>
/// The part of a domain's name that somebody has registered: whoever has it has all names below it for nothing, and a catch-all mailbox
/// in each. Two labels, or three where the second is one under which registries of a country sell names (<c>co.uk</c>,
/// <c>com.br</c>). Of a suffix that it does not know it takes too little of the name: its owners then share a budget.
/// </summary>
internal static class RegisteredDomain
{
    private const int OfCountry = 2;

    private static readonly HashSet<string> SoldBelow = new(StringComparer.Ordinal)
    {
        "ac", "asn", "biz", "co", "com", "ed", "edu", "firm", "gen", "go", "gob", "gov", "govt", "gv", "id", "in", "ind", "info", "lg", "ltd",
        "me", "mil", "muni", "my", "name", "ne", "net", "nic", "nom", "or", "org", "plc", "pro", "sch", "school", "web",
    };

    public static string Of(string domain)
    {
        var labels = domain.Split('.');
        var kept = labels is [.., var second, { Length: OfCountry }] && SoldBelow.Contains(second) ? 3 : 2;
        return labels.Length <= kept ? domain : string.Join('.', labels[^kept..]);
    }
}
