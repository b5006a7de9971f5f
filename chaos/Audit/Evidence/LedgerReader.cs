using System.Globalization;
using System.Net;
using System.Text.Json;

namespace StellarPay.Chaos.Audit.Evidence;

/// <summary>Reads the network over Horizon's HTTP API, without any client of the system's.</summary>
internal sealed class LedgerReader(Uri horizon) : IDisposable
{
    private const int PageSize = 200;

    private readonly HttpClient _http = new() { BaseAddress = horizon, Timeout = TimeSpan.FromSeconds(30) };

    public async Task<LedgerEvidence> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var operations = await OperationsAsync(cancellationToken);
            var accounts = await AccountsAsync(operations, cancellationToken);
            var waiting = await WaitingAsync(cancellationToken);
            var claimable = waiting.Values.GroupBy(balance => balance.Amount.Asset, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => group.Sum(balance => balance.Amount.Stroops), StringComparer.Ordinal);
            var ledger = await PageAsync("/ledgers?order=desc&limit=1", cancellationToken);
            var last = await PageAsync("/operations?order=desc&limit=1&include_failed=true", cancellationToken);
            // At rest nothing happens between the first page and the last; else it is read again.
            if (last.Count == 0 || (operations.Count > 0 && operations[^1].Id == Text(last[0], "id")))
            {
                return new LedgerEvidence(
                    operations, accounts, claimable, Money.Parse(Text(ledger[0], "total_coins")!), Money.Parse(Text(ledger[0], "fee_pool")!),
                    DateTimeOffset.Parse(Text(ledger[0], "closed_at")!, CultureInfo.InvariantCulture))
                {
                    Waiting = waiting,
                };
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<List<LedgerOperation>> OperationsAsync(CancellationToken cancellationToken)
    {
        var operations = new List<LedgerOperation>();
        await foreach (var record in AllAsync("/operations?include_failed=true&join=transactions", cancellationToken))
        {
            var transaction = record.GetProperty("transaction");
            var (from, to, sent, received) = await MoveOfAsync(record, cancellationToken);
            var successful = record.GetProperty("transaction_successful").GetBoolean();
            operations.Add(new LedgerOperation(
                Text(record, "id")!,
                Text(transaction, "hash")!,
                transaction.TryGetProperty("inner_transaction", out var inner) ? Text(inner, "hash") : null,
                successful,
                Text(record, "type")!,
                from,
                to,
                sent,
                received,
                Text(transaction, "memo_type") == "text" ? Text(transaction, "memo") : null,
                transaction.GetProperty("ledger").GetInt64())
            {
                BalanceId = Text(record, "balance_id") ?? (successful && Text(record, "type") == LedgerOperation.SetAside
                    ? await MadeBalanceAsync(Text(record, "id")!, cancellationToken)
                    : null),
                Claimants = ClaimantsOf(record),
            });
        }

        return operations;
    }

    private async Task<(string? From, string? To, Money Sent, Money Received)> MoveOfAsync(
        JsonElement record, CancellationToken cancellationToken)
    {
        switch (Text(record, "type"))
        {
            case "payment":
                var amount = AmountOf(record, "", "amount");
                return (Text(record, "from"), Text(record, "to"), amount, amount);
            case "path_payment_strict_receive" or "path_payment_strict_send":
                return (Text(record, "from"), Text(record, "to"), AmountOf(record, "source_", "source_amount"), AmountOf(record, "", "amount"));
            case "create_account":
                var starting = new Money(Money.Native, Money.Parse(Text(record, "starting_balance")!));
                return (Text(record, "funder"), Text(record, "account"), starting, starting);
            case "create_claimable_balance":
                var set = new Money(AssetText(Text(record, "asset")!), Money.Parse(Text(record, "amount")!));
                return (Text(record, "source_account"), null, set, default);
            case "claim_claimable_balance" or "account_merge":
                return await CreditAsync(record, cancellationToken);
            default:
                return default;
        }
    }

    // What these give does not stand in the operation, but in its effects.
    private async Task<(string? From, string? To, Money Sent, Money Received)> CreditAsync(
        JsonElement record, CancellationToken cancellationToken)
    {
        foreach (var effect in await PageAsync($"/operations/{Text(record, "id")}/effects?limit={PageSize}", cancellationToken))
        {
            if (Text(effect, "type") == "account_credited")
            {
                var credited = AmountOf(effect, "", "amount");
                var from = Text(record, "type") == "account_merge" ? Text(record, "account") : null;
                return (from, Text(effect, "account"), credited, credited);
            }
        }

        return default;
    }

    private async Task<Dictionary<string, LedgerAccount>> AccountsAsync(
        List<LedgerOperation> operations, CancellationToken cancellationToken)
    {
        var admin = (await GetAsync("/admin", cancellationToken))!.Value.GetProperty("accounts").EnumerateObject()
            .Select(account => account.Value.GetString());
        var accounts = new Dictionary<string, LedgerAccount>(StringComparer.Ordinal);
        var addresses = operations.SelectMany(o => new[] { o.From, o.To }).Concat(admin).OfType<string>();
        foreach (var address in addresses.Distinct(StringComparer.Ordinal))
        {
            if (await GetAsync($"/accounts/{address}", cancellationToken) is { } account)
            {
                accounts[address] = new LedgerAccount(
                    address,
                    long.Parse(Text(account, "sequence")!, CultureInfo.InvariantCulture),
                    account.GetProperty("balances").EnumerateArray()
                        .Select(balance => AmountOf(balance, "", "balance"))
                        .ToDictionary(balance => balance.Asset, balance => balance.Stroops, StringComparer.Ordinal))
                {
                    Signers = account.GetProperty("signers").EnumerateArray()
                        .ToDictionary(signer => Text(signer, "key")!, signer => signer.GetProperty("weight").GetInt32(), StringComparer.Ordinal),
                };
            }
        }

        return accounts;
    }

    private async Task<Dictionary<string, WaitingBalance>> WaitingAsync(CancellationToken cancellationToken)
    {
        var waiting = new Dictionary<string, WaitingBalance>(StringComparer.Ordinal);
        await foreach (var record in AllAsync("/claimable_balances?order=asc", cancellationToken))
        {
            waiting[Text(record, "id")!] = new WaitingBalance(
                new Money(AssetText(Text(record, "asset")!), Money.Parse(Text(record, "amount")!)), ClaimantsOf(record));
        }

        return waiting;
    }

    private async Task<string?> MadeBalanceAsync(string operation, CancellationToken cancellationToken) =>
        (await PageAsync($"/operations/{operation}/effects?limit={PageSize}", cancellationToken))
        .Where(effect => Text(effect, "type") == "claimable_balance_created")
        .Select(effect => Text(effect, "balance_id"))
        .FirstOrDefault();

    private static string[] ClaimantsOf(JsonElement record) => record.TryGetProperty("claimants", out var claimants)
        ? [.. claimants.EnumerateArray().Select(claimant => Text(claimant, "destination")!)]
        : [];

    private async IAsyncEnumerable<JsonElement> AllAsync(
        string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cursor = "";
        while (true)
        {
            var page = await PageAsync($"{path}&limit={PageSize}{cursor}", cancellationToken);
            foreach (var record in page)
            {
                yield return record;
            }

            if (page.Count < PageSize)
            {
                yield break;
            }

            cursor = "&cursor=" + Uri.EscapeDataString(Text(page[^1], "paging_token")!);
        }
    }

    private async Task<List<JsonElement>> PageAsync(string path, CancellationToken cancellationToken) =>
        [.. (await GetAsync(path, cancellationToken))!.Value.GetProperty("_embedded").GetProperty("records").EnumerateArray()];

    private async Task<JsonElement?> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(path, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        response.EnsureSuccessStatusCode();
        using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        return document.RootElement.Clone();
    }

    private static Money AmountOf(JsonElement record, string prefix, string amount) => new(
        Text(record, prefix + "asset_type") == Money.Native
            ? Money.Native
            : $"{Text(record, prefix + "asset_code")}:{Text(record, prefix + "asset_issuer")}",
        Money.Parse(Text(record, amount)!));

    private static string AssetText(string asset) => asset is Money.Native or "XLM" ? Money.Native : asset;

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
