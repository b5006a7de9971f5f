namespace StellarPay.Frontdoor.Messages.Budgets;

/// <summary>What was taken of a day for one message, so that it can be given back where the message is not sent.</summary>
/// <param name="Day">Of which day.</param>
/// <param name="Leased">What everybody takes from and this front door has blocks of: one each goes back to them.</param>
/// <param name="Counted">Digests of what is counted in the database one by one, in the order in which they are taken.</param>
internal sealed record MessageShare(DateOnly Day, MessageCount[] Leased, byte[][] Counted);

/// <summary>What a message was given of its day.</summary>
/// <param name="Share">What was taken; null where the day does not suffice.</param>
/// <param name="IsOwnUsedUp">Of what was refused, whether somebody's own part is used up, and not everybody's.</param>
internal readonly record struct MessageAnswer(MessageShare? Share, bool IsOwnUsedUp);

/// <summary>Something that is counted, and how many of it a day has.</summary>
/// <param name="Key">What is counted.</param>
/// <param name="Most">How many there are of it.</param>
internal readonly record struct MessageCount(string Key, int Most);
