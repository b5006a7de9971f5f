using System.Globalization;
using System.Text.Json.Nodes;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Stellar;
using StellarPay.Stellar.Horizon;
using StellarPay.Stellar.Xdr;
using Asset = StellarPay.Grains.Money.Asset;

namespace StellarPay.Adapters.Horizon;

/// <summary>
/// What a contract call moved. Whoever calls a contract chooses what else it moves, in 128 bits and between whom he likes:
/// each movement is judged by itself, so that none hides another.
/// </summary>
/// <param name="Transfers">What accounts gave and got.</param>
/// <param name="Unread">What may concern accounts and is not understood.</param>
internal sealed record ContractMovements(LedgerTransfer[] Transfers, IReadOnlyList<UnreadBalanceChange> Unread)
{
    public static ContractMovements Of(InvokeHostFunctionRecord call)
    {
        var transfers = new List<LedgerTransfer>();
        var unread = new List<UnreadBalanceChange>(call.Unread);
        foreach (var change in call.Changes)
        {
            var (from, to) = (AccountOf(change.From), AccountOf(change.To));
            if (from is null && to is null)
            {
                // Between contracts: no account has more or less.
                continue;
            }

            if (change.Amount < 0 || change.Amount > long.MaxValue)
            {
                unread.Add(new UnreadBalanceChange(
                    JsonOf(change), $"A {change.Type} of {change.Amount} stroops of {change.Asset} is none that an account can make or get."));
                continue;
            }

            var amount = new Amount(Asset.Parse(change.Asset.ToString()), (long)change.Amount);
            var receiver = to is { } account ? new MuxedAccount(account.AccountId, change.ToMuxedId ?? account.Id) : (MuxedAccount?)null;
            transfers.Add(new LedgerTransfer(
                from?.AccountId.ToString() ?? change.From, receiver?.AccountId.ToString() ?? change.To, amount, amount,
                receiver is { Id: not null } muxed ? muxed.ToString() : null));
        }

        return new ContractMovements([.. transfers], unread);
    }

    // As Horizon wrote it, so that it can be read again by a version that knows what to do about it.
    private static string JsonOf(AssetBalanceChange change)
    {
        var json = new JsonObject
        {
            ["type"] = change.Type,
            ["from"] = change.From,
            ["to"] = change.To,
            ["amount"] = StellarAmount.FormatWide(change.Amount),
            ["asset_type"] = change.Asset.IsNative ? "native" : change.Asset.Code.ToString().Length <= 4 ? "credit_alphanum4" : "credit_alphanum12",
            ["destination_muxed_id"] = change.ToMuxedId?.ToString(CultureInfo.InvariantCulture),
        };
        if (!change.Asset.IsNative)
        {
            json["asset_code"] = change.Asset.Code.ToString();
            json["asset_issuer"] = change.Asset.Issuer.ToString();
        }

        return json.ToJsonString();
    }

    private static MuxedAccount? AccountOf(string? party) => MuxedAccount.TryParse(party, out var account) ? account : null;
}
