using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
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
        "set_options", "change_trust", "manage_data", "bump_sequence",
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
        catch (Exception exception)
        {
            // Whatever it is: one line that a stranger wrote must not keep its ledger from being taken.
            AddUnread(line, UnreadKind.Unreadable, exception.Message, AccountsIn(line.Json.GetRawText()));
        }
    }

    private void Add(OperationLine line, OperationRecord record)
    {
        if (record is InvokeHostFunctionRecord { TransactionSuccessful: true } call)
        {
            AddCall(line, call);
            return;
        }

        if (record is TrustlineFlagsRecord flags && (!flags.TransactionSuccessful || flags.Authorized is null))
        {
            return;
        }

        if (record is not OtherOperationRecord)
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

    // What is not understood of a call is for those whom it names alone, and all the rest is taken in beside it.
    private void AddCall(OperationLine line, InvokeHostFunctionRecord call)
    {
        var operation = LedgerOperations.From(call);
        var number = operation.Transfers!.Length;
        var unread = ContractMovements.Of(call).Unread
            .Select(change => UnreadOf(
                line, UnreadKind.Unreadable, change.Problem, AccountsIn(change.Json), OnlyWith(line, change), number++))
            .ToList();
        _operations.Add(operation);
        _unread.AddRange(unread);
    }

    // The call as if it had done nothing else: whoever reads it again must not take in the rest a second time.
    private static string OnlyWith(OperationLine line, UnreadBalanceChange change)
    {
        var whole = JsonNode.Parse(line.Json.GetRawText())!;
        whole["asset_balance_changes"] = new JsonArray(JsonNode.Parse(change.Json));
        return whole.ToJsonString();
    }

    private void AddUnread(OperationLine line, UnreadKind kind, string problem, IReadOnlyCollection<string> accounts) =>
        _unread.Add(UnreadOf(line, kind, problem, accounts, line.Json.GetRawText(), number: 0));

    private static UnreadOperation UnreadOf(
        OperationLine line, UnreadKind kind, string problem, IReadOnlyCollection<string> accounts, string raw, int number)
    {
        var token = TokenOf(line);
        return new UnreadOperation(token, token >> 32, HashOf(line), kind, raw, problem, accounts, number);
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
            if (MuxedAccount.TryParse(json.AsSpan(match.Index, match.Length), out var account))
            {
                accounts.Add(account.AccountId.ToString());
            }
        }

        return accounts;
    }

    [GeneratedRegex("G[A-Z2-7]{55}|M[A-Z2-7]{68}")]
    private static partial Regex Address();
}
