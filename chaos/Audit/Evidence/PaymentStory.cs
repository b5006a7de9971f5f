namespace StellarPay.Chaos.Audit.Evidence;

/// <summary>A payment from its first event to its last.</summary>
/// <param name="Id">The payment.</param>
/// <param name="WalletId">The wallet that pays.</param>
/// <param name="Owner">The user whose wallet it is.</param>
/// <param name="Destination">The account that is paid.</param>
/// <param name="Amount">What is paid.</param>
/// <param name="Memo">The memo, or null.</param>
/// <param name="Events">Its events, oldest first.</param>
internal sealed record PaymentStory(
    string Id, string WalletId, string? Owner, string Destination, Money Amount, string? Memo, IReadOnlyList<EventRow> Events)
{
    private static readonly string[] TerminalStatuses = ["succeeded", "failed", "expired", "cancelled"];

    /// <summary>Where it ended.</summary>
    public string Status => StatusOf(Events[^1]);

    public bool IsTerminal => TerminalStatuses.Contains(Status);

    /// <summary>Every transaction that was ever signed for it.</summary>
    public IReadOnlySet<string> Hashes => Events.Select(e => e.Text("transactionHash")).OfType<string>().ToHashSet(StringComparer.Ordinal);

    /// <summary>The payer's side where another asset is spent; null for the same.</summary>
    public PathStory? Path => PathStory.Of(Events[^1]);

    /// <summary>What it costs its payer besides, if anything.</summary>
    public Money? Fee => Events[0].Text("fee") is { } fee ? new Money(Path?.SourceMax.Asset ?? Amount.Asset, Money.Parse(fee)) : null;

    /// <summary>The claimable balance's id, once it is there; null where it makes none.</summary>
    public string? BalanceId => ClaimText(Events[^1], "balanceId");

    /// <summary>What became of that.</summary>
    public string? ClaimStatus => ClaimText(Events[^1], "status");

    /// <summary>Whether it is to wait on the ledger.</summary>
    public bool IsSetAside => Events[0].Data.TryGetProperty("claim", out _);

    /// <summary>The last moment, by the network's clock, at which a ledger may apply what an event tells of, if it says.</summary>
    public static DateTimeOffset? ValidUntil(EventRow row) =>
        row.Data.TryGetProperty("submission", out var submission) && submission.TryGetProperty("validUntil", out var until)
            ? until.GetDateTimeOffset()
            : null;

    /// <summary>Where the claimable balance stood after an event.</summary>
    public static string? ClaimStatusOf(EventRow row) => ClaimText(row, "status");

    public string? TransactionHash => Events[^1].Text("transactionHash");

    public long? Ledger => Events[^1].Number("ledger");

    public string? FailureCode => Events[^1].Text("failureCode");

    public static string StatusOf(EventRow row) => row.Text("status") ?? "";

    public static bool IsTerminalStatus(string status) => TerminalStatuses.Contains(status);

    public static Dictionary<string, PaymentStory> ReadAll(IEnumerable<EventRow> events) => events
        .Where(row => row.IsOfPayment)
        .GroupBy(row => row.Text("paymentId")!, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => Read(group.Key, [.. group]), StringComparer.Ordinal);

    private static PaymentStory Read(string id, EventRow[] events)
    {
        var first = events[0];
        return new PaymentStory(
            id,
            first.Text("walletId") ?? "",
            first.Owner,
            first.Text("destination") ?? "",
            new Money(first.Text("asset") ?? "", Money.Parse(first.Text("amount") ?? "0")),
            first.Text("memo"),
            events);
    }

    private static string? ClaimText(EventRow row, string name) =>
        row.Data.TryGetProperty("claim", out var claim) && claim.TryGetProperty(name, out var value) ? value.GetString() : null;
}

/// <summary>The payer's side of a payment through the market's offers.</summary>
/// <param name="SourceMax">The most that may leave the wallet.</param>
/// <param name="AmountMin">The least that arrives.</param>
/// <param name="Sent">What left by the ledger's word; null until then.</param>
/// <param name="Received">What arrived by the ledger's word; null until then.</param>
internal sealed record PathStory(Money SourceMax, long AmountMin, long? Sent, long? Received)
{
    public static PathStory? Of(EventRow row) => !row.Data.TryGetProperty("path", out var path) ? null : new PathStory(
        new Money(path.GetProperty("sourceAsset").GetString()!, Money.Parse(path.GetProperty("sourceMax").GetString()!)),
        Money.Parse(path.GetProperty("amountMin").GetString()!),
        Stroops(path, "sent"),
        Stroops(path, "received"));

    private static long? Stroops(System.Text.Json.JsonElement path, string name) =>
        path.TryGetProperty(name, out var value) && value.ValueKind == System.Text.Json.JsonValueKind.String
            ? Money.Parse(value.GetString()!)
            : null;
}
