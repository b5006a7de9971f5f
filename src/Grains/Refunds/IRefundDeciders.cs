namespace StellarPay.Grains.Refunds;

/// <summary>Who of a merchant may say where money goes, as it is now: what he said a day ago may not be his to say any more.</summary>
public interface IRefundDeciders
{
    /// <summary>Whether somebody may.</summary>
    /// <param name="merchant">The merchant, <c>mer_…</c>.</param>
    /// <param name="user">Who, <c>usr_…</c>.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    Task<bool> MayAsync(string merchant, string user, CancellationToken cancellationToken);
}
