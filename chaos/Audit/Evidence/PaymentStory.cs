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
}
