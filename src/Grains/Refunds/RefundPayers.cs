using Microsoft.Extensions.Options;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Stellar.Xdr;
using Asset = StellarPay.Grains.Money.Asset;

namespace StellarPay.Grains.Refunds;

/// <summary>
/// Whether payers can be paid back to the address from which they paid, by what the network says of it now. Only refuses: what guards the
/// money is decided elsewhere.
/// </summary>
internal sealed class RefundPayers(INetworkGateway gateway, IPayeeAccounts own, IOptions<RefundOptions> options)
{
    private const int AtOnce = 4;

    private readonly HashSet<string> _shared = new(options.Value.SharedAddresses, StringComparer.Ordinal);

    /// <summary>Of each why he cannot be paid, or null. Where the network does not tell, that is why.</summary>
    /// <param name="payers">Addresses, <c>G…</c> or <c>M…</c>.</param>
    /// <param name="asset">In what, in canonical form.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<IReadOnlyList<(string Payer, Error? Refusal)>> CheckAsync(
        IReadOnlyList<string> payers, string asset, CancellationToken cancellationToken)
    {
        var answers = new List<(string, Error?)>(payers.Count);
        foreach (var some in payers.Chunk(AtOnce))
        {
            answers.AddRange(some.Zip(await Task.WhenAll(some.Select(payer => AskAsync(payer, asset, cancellationToken)))));
        }

        return answers;
    }

    private async Task<Error?> AskAsync(string payer, string asset, CancellationToken cancellationToken)
    {
        try
        {
            return _shared.Contains(payer) ? AddressRequired(payer) : await CheckAsync(payer, asset, cancellationToken);
        }
        catch (NetworkUnavailableException)
        {
            return QuoteFactsReader.Unavailable;
        }
    }

    private async Task<Error?> CheckAsync(string payer, string asset, CancellationToken cancellationToken)
    {
        var paid = MuxedAccount.Parse(payer);
        var address = paid.AccountId.ToString();
        if (await own.FindStatusAsync(address, cancellationToken) is Wallets.WalletStatus.Active)
        {
            return null;
        }

        var account = await gateway.GetAccountAsync(address, cancellationToken);
        if (account is { MemoRequired: true } && paid.Id is null)
        {
            return AddressRequired(payer);
        }

        var canTake = account is not null
            && (asset == Asset.Native.Canonical || Asset.Parse(asset).Issuer == address
                || account.Trustlines.Any(line => line.Asset == asset && line.Authorized));
        return canTake
            ? null
            : new Error(ErrorKind.Refused, "refund_destination_unusable",
                $"The account {payer} that paid is gone, or takes the asset no longer.");
    }

    private static Error AddressRequired(string payer) => new(ErrorKind.Refused, "refund_address_required",
        $"Many people pay from {payer}: what is sent there without a memo of their own would be lost to whom it belongs.");
}
