using System.Globalization;
using System.Text.RegularExpressions;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Stellar;
using StellarPay.Stellar.Horizon;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Adapters.Horizon;

/// <summary>
/// Sorts the lines of a page into what moves balances, what does not, and what cannot be told, which is never silently
/// taken for nothing.
/// </summary>
internal sealed partial class LedgerLines
{

    // These change settings, reserves and sequence numbers, and no balance of an account.
    private static readonly HashSet<string> MoveNothing = new(StringComparer.Ordinal)
    {
        "set_options", "change_trust", "allow_trust", "set_trust_line_flags", "manage_data", "bump_sequence",
        "begin_sponsoring_future_reserves", "end_sponsoring_future_reserves", "revoke_sponsorship",
        "extend_footprint_ttl", "restore_footprint",
    };

    // These begin at their source's own order: only he is told, for a counterparty has given an order himself.
    private static readonly HashSet<string> MoveTheSource = new(StringComparer.Ordinal)
    {
        "manage_sell_offer", "manage_buy_offer", "create_passive_sell_offer", "manage_offer", "create_passive_offer",
        "liquidity_pool_deposit", "liquidity_pool_withdraw",
    };

    private readonly List<LedgerOperation> _operations = [];
    private readonly List<UnreadOperation> _unread = [];
    private readonly TransactionOutcomes _outcomes = new();

    public IReadOnlyList<LedgerOperation> Operations => _operations;

    public IReadOnlyList<UnreadOperation> Unread => _unread;

    public IReadOnlyList<LedgerOutcome> Outcomes() => _outcomes.All();

    public static long TokenOf(OperationLine line) =>
        long.Parse(line.PagingToken, NumberStyles.None, CultureInfo.InvariantCulture);

    public void Add(OperationLine line)
    {
        if (line.Record is not { } record)
        {
            AddUnread(line, UnreadKind.Unreadable, line.Problem!, AccountsIn(line.Json.GetRawText()));
            return;
        }

        try
        {
            _outcomes.Add(record);
            Add(line, record);
        }
        catch (Exception exception) when (exception is XdrException or FormatException or ArgumentException or OverflowException)
        {
            AddUnread(line, UnreadKind.Unreadable, exception.Message, AccountsIn(line.Json.GetRawText()));
        }
    }

    private void Add(OperationLine line, OperationRecord record)
    {
        if (record is not OtherOperationRecord || record.Type == "clawback_claimable_balance")
        {
            _operations.Add(LedgerOperations.From(record));
            return;
        }

        if (!record.TransactionSuccessful || MoveNothing.Contains(record.Type))
        {
            return;
        }

        var accounts = MoveTheSource.Contains(record.Type)
            ? [record.SourceAccount.AccountId.ToString()]
            : AccountsIn(line.Json.GetRawText());
        AddUnread(line, UnreadKind.Unexplained, $"What an operation '{record.Type}' moves is not known.", accounts);
    }

    private void AddUnread(OperationLine line, UnreadKind kind, string problem, IReadOnlyCollection<string> accounts)
    {
        var token = TokenOf(line);
        _unread.Add(new UnreadOperation(
            token, token >> 32, HashOf(line), kind, line.Json.GetRawText(), problem, accounts));
    }

    private static string? HashOf(OperationLine line) =>
        line.Record is { } record ? record.TransactionHash.ToString()
        : line.Json.TryGetProperty("transaction_hash", out var hash) ? hash.ToString()
        : null;

    // Whoever is named anywhere in it.
    private static HashSet<string> AccountsIn(string json)
    {
        var accounts = new HashSet<string>(StringComparer.Ordinal);
        foreach (var match in Address().EnumerateMatches(json))
        {
            if (AccountId.TryParse(json.AsSpan(match.Index, match.Length).ToString(), out var account))
            {
                accounts.Add(account.ToString());
            }
        }

        return accounts;
    }

    [GeneratedRegex("G[A-Z2-7]{55}")]
    private static partial Regex Address();
}
