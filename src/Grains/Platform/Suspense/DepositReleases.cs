using StellarPay.Grains.Keys;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Grains.Network.Halts;
using StellarPay.Grains.Results;
using StellarPay.Grains.Wallets;
using StellarPay.Stellar;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Platform.Suspense;

/// <summary>
/// The only transaction by which a deposit leaves an account of the platform. Whoever signs it builds it anew from the
/// stored deposit, so that no caller can have anything else signed.
/// </summary>
internal sealed class DepositReleases(
    ISuspense suspense,
    ILedgerInbox inbox,
    TransactionFactory transactions,
    SeedCipher cipher,
    IPaymentGate gate,
    Microsoft.Extensions.Options.IOptions<NetworkOptions> network)
{
    private static readonly Error NoSuchDeposit = Refused("There is no such deposit that waits.");

    /// <summary>Signs a release in the name of the account that has the deposit.</summary>
    public async Task<Result<byte[]>> SignAsync(
        DepositRelease release, string grainKey, EncryptedSeed seed, CancellationToken cancellationToken)
    {
        if (await gate.CheckAsync(cancellationToken) is { } halted)
        {
            return halted;
        }

        if (await suspense.FindAsync(release.DepositId, cancellationToken) is not { Status: SuspenseStatus.Open } deposit)
        {
            return NoSuchDeposit;
        }

        if (deposit.Account != seed.PublicKey || (release.Source == seed.PublicKey && grainKey != ISuspenseGrain.Key))
        {
            return Refused("The deposit is not this account's.");
        }

        var destination = MuxedAccount.Parse(release.Destination).AccountId.ToString();
        var rightful = release.ToSender
            ? release.Destination == (deposit.SenderMuxed ?? deposit.Sender)
            : (await inbox.FindOwnersAsync([destination], cancellationToken))
                .GetValueOrDefault(destination)?.Kind == Storage.GrainState.Wallet;
        if (!rightful)
        {
            return Refused("A deposit goes to a wallet of ours, or back to its sender.");
        }

        var unsigned = Build(release, deposit);
        return await cipher.SignAsync(grainKey, seed, unsigned.Hash, $"suspense.release {deposit.Id}", cancellationToken);
    }

    /// <summary>
    /// The transaction. Back to the sender it carries the deposit's hash as the return memo, to a user's wallet as a hash
    /// memo: so either can be traced to the deposit.
    /// </summary>
    public UnsignedTransaction Build(DepositRelease release, SuspendedDeposit deposit)
    {
        var hash = Hash.FromHex(deposit.TransactionHash);
        var payment = new PaymentOperation(
            MuxedAccount.Parse(release.Destination), Asset.Parse(deposit.Asset), deposit.Stroops);
        var builder = new TransactionBuilder(AccountId.Parse(release.Source), release.SequenceNumber)
            .WithBaseFee(network.Value.FeeBidStroops)
            .WithTimeBounds(notBefore: null, release.MaxTime)
            .WithMemo(release.ToSender ? new MemoReturn(hash) : new MemoHash(hash))
            .Add(payment, AccountId.Parse(deposit.Account));
        return transactions.Unsigned(builder.Build());
    }

    private static Error Refused(string message) => new(ErrorKind.Refused, "release_refused", message);
}
