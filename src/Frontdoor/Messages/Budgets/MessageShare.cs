namespace StellarPay.Frontdoor.Messages.Budgets;

/// <summary>What was taken of a day for one message, so that it can be given back where the message is not sent.</summary>
/// <param name="Day">Of which day.</param>
/// <param name="IsSecurity">Whether it concerns an account's safety, of which blocks are apart.</param>
/// <param name="Leased">What everybody takes from and this front door has blocks of: one each goes back to them.</param>
/// <param name="Counted">Digests of what is counted in the database one by one, in the order in which they are taken.</param>
internal sealed record MessageShare(DateOnly Day, bool IsSecurity, string[] Leased, byte[][] Counted);
