using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Wallets;

/// <summary>
/// What a wallet answered: the same idempotency key and the same request give the first answer again, and a payment is found
/// however old it is. For one activation, since its state was read last.
/// </summary>
internal sealed class PaymentAnswers(WalletState state, string wallet, IIdempotencyIndex index, IPaymentArchive archive)
{
    private KeyMemory? _keys;

    private static readonly Error NoSuchPayment =
        new(ErrorKind.NotFound, "payment_not_found", "There is no such payment.");

    // An idle wallet has no use for it.
    private KeyMemory Keys => _keys ??= new KeyMemory(index, wallet);

    /// <summary>The payment that was answered to a key; null where the key is new; an error where it was used otherwise.</summary>
    public Task<Result<string>?> FindKeyAsync(
        string operation, string? key, string fingerprint, DateTimeOffset now, CancellationToken cancellationToken) =>
        Keys.FindAsync(operation, key, fingerprint, now, cancellationToken);

    /// <summary>Stores an answer with the next write, or not at all.</summary>
    public void Remember(string operation, string? key, string fingerprint, string payment, DateTimeOffset now)
    {
        if (Keys.Remember(operation, key, fingerprint, payment, now) is { } entry)
        {
            state.Keys.Add(entry);
        }
    }

    /// <summary>Another activation answered under the same key between our look and our write: ours was not stored.</summary>
    public async Task<Result<T>> UnlessKeyIsTakenAsync<T>(Func<Task<Result<T>>> answer)
    {
        try
        {
            return await answer();
        }
        catch (Exception exception) when (index.IsTaken(exception))
        {
            return new Error(ErrorKind.Conflict, "idempotency_key_in_use",
                "Another request with this idempotency key was answered at the same moment. Please repeat it.",
                IdempotencyLedger.Header);
        }
    }

    /// <summary>The answer again, as things stand now.</summary>
    public async Task<Result<PaymentView>> RepeatAsync(Result<string> answer, CancellationToken cancellationToken) =>
        answer.IsSuccess ? await FindAsync(PaymentId.Parse(answer.Value), cancellationToken) : answer.Error;

    /// <summary>A payment of this wallet. The state keeps the latest only, and the events all of them.</summary>
    public async Task<Result<PaymentView>> FindAsync(PaymentId payment, CancellationToken cancellationToken)
    {
        if (state.Payments.Find(p => p.Id == payment.Value) is { } kept)
        {
            return kept.ToView(WalletId.Parse(wallet));
        }

        var events = await archive.ReadAsync(payment, cancellationToken);
        return events is [.., var latest] && latest.Data.WalletId == wallet ? ArchivedPayment.ToView(latest.Data) : NoSuchPayment;
    }
}
