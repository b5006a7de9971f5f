using System.Security.Cryptography;
using System.Text;
using PhoneNumbers;

namespace StellarPay.Frontdoor.Messages.Budgets;

/// <summary>What a message is counted for, and how many of each a day has.</summary>
internal sealed class MessageBudgetKeys(byte[] key, MessageBudgetSettings settings)
{
    private const int Percent = 100;

    // Of what is not kept for safety, invitations use at most a fifth.
    private const int PartForInvitations = 5;
    private const int SmsAreDearer = 10;

    // Of what is not kept for safety, all but codes use at most three eighths, and with what concerns safety five: the rest is codes'.
    private const int Eighths = 8;
    private const int OrdinaryBesidesCodes = 3;
    private const int AllBesidesCodes = 5;

    private static readonly PhoneNumberUtil Plans = PhoneNumberUtil.GetInstance();

    /// <summary>What everybody takes from.</summary>
    public (string Key, int Most)[] Shared(MessageAsk ask) => ask.Use == MessageUse.Code
        ? [.. Whole(ask).Select(all => (all.Key, Ordinary(all.Most)))]
        : [.. Whole(ask).SelectMany(all => new[]
        {
            (all.Key, ask.IsSecurity ? all.Most : Ordinary(all.Most)),
            // Nobody signs up, and nobody gets in again, without a code: accounts that make notices of themselves leave some.
            ($"{all.Key} but codes", BesidesCodes(ask, all.Most)),
        })];

    /// <summary>What is somebody's own.</summary>
    public (string Key, int Most)[] Own(MessageAsk ask) => ask.Use switch
    {
        MessageUse.Code => [.. OfAsker(ask)],
        // In places of their own: whoever invites somebody often, or many, keeps no code from anybody.
        MessageUse.Invitation =>
        [
            ($"invitation to {ask.To.ToUpperInvariant()}", settings.InvitationsPerRecipient),
            ($"all invitations by {ask.Channel}", Invitations(ask.Channel)),
            .. OfAsker(ask),
        ],
        // Whoever is told has brought it about, more often than not.
        _ => ask.User is { } user
            ? [($"{ask.Use} notices of {user} by {ask.Channel}", OfUser(ask.Channel))]
            : throw new ArgumentException("A notice is somebody's.", nameof(ask)),
    };

    /// <summary>How a key is stored.</summary>
    public byte[] DigestOf(string name) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(name));

    private IEnumerable<(string Key, int Most)> Whole(MessageAsk ask)
    {
        if (ask.Channel == MessageChannel.Email)
        {
            yield return ("all email", settings.Emails);
            yield break;
        }

        yield return ("all sms", settings.Sms);
        yield return ($"sms to {Plans.Parse(ask.To, defaultRegion: null).CountryCode}", settings.SmsPerCountry);
    }

    // This machine itself is no network: a developer's is one stranger else. What one recipient is sent is counted where codes are written,
    // which knows the last of them (OneTimeCodes).
    private IEnumerable<(string Key, int Most)> OfAsker(MessageAsk ask)
    {
        if (ask.Asker is { IsThisMachine: false } address)
        {
            yield return ($"range {address.WideRange}", settings.CodesPerRange);
            if (ask.Channel == MessageChannel.Sms)
            {
                // A country's day is less than what a network may ask for by mail.
                yield return ($"sms of range {address.WideRange}", Math.Max(1, settings.CodesPerRange / SmsAreDearer));
            }
        }
    }

    private int Ordinary(int most) => (int)((long)most * (Percent - settings.SecurityPercent) / Percent);

    private int BesidesCodes(MessageAsk ask, int most)
    {
        var ordinary = (long)Ordinary(most);
        return (int)Math.Max(1, ask.IsSecurity
            ? Math.Max(most - ordinary, ordinary * AllBesidesCodes / Eighths)
            : ordinary * OrdinaryBesidesCodes / Eighths);
    }

    private int Invitations(MessageChannel channel) =>
        Math.Max(1, Ordinary(channel == MessageChannel.Email ? settings.Emails : settings.Sms) / PartForInvitations);

    private int OfUser(MessageChannel channel) =>
        channel == MessageChannel.Email ? settings.NoticeEmailsPerUser : settings.NoticeSmsPerUser;
}
