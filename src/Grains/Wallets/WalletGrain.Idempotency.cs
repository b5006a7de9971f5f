using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Wallets;

// Idempotency: the same key and the same request give the first answer again.
internal sealed partial class WalletGrain
{
    private Task<Result<string>?> FindKeyAsync(
        string operation, string? key, string fingerprint, CancellationToken cancellationToken) =>
        _keys.FindAsync(operation, key, fingerprint, Now, cancellationToken);

    // With the next write, or not at all.
    private void RememberKey(string operation, string? key, string fingerprint, string payment)
    {
        if (_keys.Remember(operation, key, fingerprint, payment, Now) is { } entry)
        {
            State.Keys.Add(entry);
        }
    }

    // Another activation answered under the same key between our look and our write: ours was not stored.
    private async Task<Result<PaymentView>> UnlessKeyIsTakenAsync(Func<Task<Result<PaymentView>>> answer)
    {
        try
        {
            return await answer();
        }
        catch (Exception exception) when (services.Keys.IsTaken(exception))
        {
            return new Error(ErrorKind.Conflict, "idempotency_key_in_use",
                "Another request with this idempotency key was answered at the same moment. Please repeat it.",
                IdempotencyLedger.Header);
        }
    }

    private async Task<Result<PaymentView>> AnsweredAsync(Result<string> answer, CancellationToken cancellationToken) =>
        answer.IsSuccess ? await FindPaymentAsync(PaymentId.Parse(answer.Value), cancellationToken) : answer.Error;

    // The state keeps the latest payments only, and the events all of them.
    private async Task<Result<PaymentView>> FindPaymentAsync(PaymentId payment, CancellationToken cancellationToken)
    {
        if (_book.Find(payment.Value) is { } kept)
        {
            return kept.ToView(Id);
        }

        var events = await services.Archive.ReadAsync(payment, cancellationToken);
        return events is [.., var latest] && latest.Data.WalletId == GrainKey ? ArchivedPayment.ToView(latest.Data) : NoSuchPayment;
    }
}
