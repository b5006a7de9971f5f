using System.Globalization;
using StellarPay.Sandbox.History;
using StellarPay.Sandbox.Network;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Http;

/// <summary>
/// A request's parameters, from route and query. The first that is wrong is remembered as the problem to answer with,
/// so that an endpoint reads all it needs and asks once.
/// </summary>
internal sealed class HorizonRequest(HttpContext http, SandboxNetwork network)
{
    private const string InvalidAccount = "Account ID must start with `G` and contain 56 alphanum characters";

    public SandboxNetwork Network => network;

    public HttpContext Http => http;

    public HorizonProblem? Problem { get; private set; }

    /// <summary>The last ledger that this answer may show; behind the network's where a fault makes reads stale.</summary>
    public uint AsOf { get; init; } = uint.MaxValue;

    public HorizonLinks Links { get; } = HorizonLinks.For(http.Request);

    public bool WantsStream =>
        http.Request.Headers.Accept.ToString().Contains(EventStream.ContentType, StringComparison.OrdinalIgnoreCase);

    public void Refuse(HorizonProblem problem) => Problem ??= problem;

    /// <summary>For endpoints that answer every wrong parameter with the same problem.</summary>
    public void Replace(HorizonProblem problem) => Problem = problem;

    public string Text(string name) =>
        http.Request.RouteValues.TryGetValue(name, out var route) && route is string text
            ? text
            : http.Request.Query[name].ToString();

    public bool Has(string name) => Text(name).Length > 0;

    public bool Flag(string name)
    {
        var text = Text(name);
        if (text.Length == 0 || bool.TryParse(text, out var flag) && !flag)
        {
            return false;
        }

        if (!bool.TryParse(text, out _))
        {
            Refuse(HorizonProblem.InvalidField(name, "Filter should be true or false"));
        }

        return true;
    }

    /// <summary>Whether operations come with their transactions.</summary>
    public bool JoinsTransactions()
    {
        var join = Text("join");
        if (join is not ("" or "transactions"))
        {
            Refuse(HorizonProblem.InvalidField("join", "Accepted values: transactions"));
        }

        return join == "transactions";
    }

    public AccountId? Account(string name)
    {
        var text = Text(name);
        if (text.Length == 0)
        {
            return null;
        }

        if (AccountId.TryParse(text, out var account))
        {
            return account;
        }

        Refuse(HorizonProblem.InvalidField(name, InvalidAccount));
        return null;
    }

    /// <summary>A number of at least one.</summary>
    public long? Number(string name, string whatItMustBe, long max = long.MaxValue)
    {
        var text = Text(name);
        if (text.Length == 0)
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= 1 && number <= max)
        {
            return number;
        }

        Refuse(HorizonProblem.InvalidField(name, whatItMustBe));
        return null;
    }

    public string? TransactionHash(string name)
    {
        var text = Text(name);
        if (text.Length == 64 && text.All(c => char.IsAsciiHexDigitLower(c)))
        {
            return text;
        }

        Refuse(HorizonProblem.InvalidField(
            name, "Transaction hash must be a hex-encoded, lowercase SHA-256 hash"));
        return null;
    }

    /// <summary>"native" or code and issuer with a colon (SEP-11).</summary>
    public Asset? Asset(string name)
    {
        var text = Text(name);
        if (text.Length == 0)
        {
            return null;
        }

        if (Stellar.Xdr.Asset.TryParse(text, out var asset))
        {
            return asset;
        }

        Refuse(HorizonProblem.InvalidField(name, AssetText.Message));
        return null;
    }

    /// <summary>An asset in three parameters, <c>…asset_type</c>, <c>…asset_code</c> and <c>…asset_issuer</c>.</summary>
    public Asset? AssetInParts(string prefix)
    {
        var type = Text(prefix + "asset_type");
        if (type.Length == 0)
        {
            return null;
        }

        if (AssetText.TryParse(type, Text(prefix + "asset_code"), Text(prefix + "asset_issuer"), out var asset))
        {
            return asset;
        }

        Refuse(HorizonProblem.InvalidField(prefix + "asset", AssetText.PartsMessage));
        return null;
    }

    /// <summary>The hexadecimal XDR of a claimable balance's id.</summary>
    public Hash? BalanceId(string name)
    {
        var text = Text(name);
        if (text.Length == 72 && text.StartsWith("00000000", StringComparison.Ordinal)
            && text.All(char.IsAsciiHexDigit))
        {
            return Hash.FromHex(text[8..]);
        }

        Refuse(HorizonProblem.InvalidField(
            name, "Claimable Balance ID must be the hex-encoded XDR representation of a Claimable Balance ID"));
        return null;
    }

    public long? Amount(string name)
    {
        if (StellarAmount.TryParse(Text(name), out var stroops) && stroops > 0)
        {
            return stroops;
        }

        Refuse(HorizonProblem.InvalidField(name, "Amount must be positive"));
        return null;
    }

    /// <param name="checkCursor">False where the list is of the present state, whose cursors have forms of their own.</param>
    public PageRequest Page(bool checkCursor = true)
    {
        var order = Text("order");
        if (order is not ("" or "asc" or "desc"))
        {
            Refuse(HorizonProblem.InvalidField("order", "order: invalid value"));
        }

        var cursor = Cursor();
        if (checkCursor && PageRequest.ParsePosition(cursor, false) is null)
        {
            Refuse(HorizonProblem.InvalidField("cursor", "cursor: invalid value"));
        }

        return new PageRequest(cursor, order == "desc", Limit(PageRequest.DefaultLimit));
    }

    public int Limit(int fallback)
    {
        var text = Text("limit");
        if (text.Length == 0)
        {
            return fallback;
        }

        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var limit))
        {
            Refuse(HorizonProblem.InvalidField("limit", "unparseable value"));
            return fallback;
        }

        if (limit is <= 0 or > PageRequest.MaxLimit)
        {
            Refuse(HorizonProblem.InvalidField("limit", limit <= 0
                ? "invalid limit: non-positive value provided"
                : $"invalid limit: value provided that is over limit max of {PageRequest.MaxLimit}"));
            return fallback;
        }

        return (int)limit;
    }

    private string Cursor()
    {
        var lastEventId = http.Request.Headers["Last-Event-ID"].ToString();
        var cursor = lastEventId.Length > 0 ? lastEventId : Text("cursor");
        return cursor == "now"
            ? Toid.AfterLedger(Math.Min(network.LatestLedger, AsOf)).ToString(CultureInfo.InvariantCulture)
            : cursor;
    }
}
