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
    private const int PartOfBusiness = 4;
    private const int RefundLinksOfSession = 3;
    private const int SmsAreDearer = 10;
    private const int NetworksOfBlock = 4;

    // Of what is not kept for safety, what tells of something uses at most a part (and the first of changed settings an eighth), and
    // networks that ask for many codes at most half: what is left is for the codes of all others.
    private const int Eighths = 8;
    private const int MoneyAtMost = 3;
    private const int ToOthersAtMost = 2;
    private const int SafetyAtMost = 4;
    private const int HalfForThoseWhoAskMuch = 2;

    // The first few of a day, of one user or of one network. They have a part that whoever makes many cannot use up.
    private const int FewMailsOfSafety = 3;
    private const int FewSmsOfSafety = 1;
    private const int FewOfLogins = 1;
    private const int FewMails = 20;
    private const int FewSms = 5;

    private static readonly PhoneNumberUtil Plans = PhoneNumberUtil.GetInstance();

    /// <summary>
    /// What everybody takes from: one way after the other is tried, and of one way all that it names is taken.
    /// </summary>
    /// <param name="ask">The message.</param>
    /// <param name="number">The how manieth of the day it is, of what is somebody's own.</param>
    public IEnumerable<MessageCount[]> Shared(MessageAsk ask, int number)
    {
        if (number <= FewOf(ask))
        {
            yield return [.. Whole(ask).Select(all => new MessageCount($"first of safety, {all.Key}", Kept(all.Most)))];
        }

        if (ask.Use == MessageUse.Settings && number == 1)
        {
            // The first of a user and day, apart from what others change back and forth.
            yield return [.. Ordinary(ask).SelectMany(all => new[]
            {
                all, new MessageCount($"{all.Key}, first of settings", Math.Max(1, all.Most / Eighths)),
            })];
        }

        yield return (ask.Use, IsOfSafety(ask)) switch
        {
            (MessageUse.Code, _) when number <= (ask.Channel == MessageChannel.Email ? FewMails : FewSms) => [.. Ordinary(ask)],
            // Few networks that ask much leave something to those that ask little.
            (MessageUse.Code, _) => [.. Ordinary(ask).SelectMany(all => new[]
            {
                all, new MessageCount($"{all.Key}, asked much", Math.Max(1, all.Most / HalfForThoseWhoAskMuch)),
            })],
            // What people have sent to others leaves a third of that to what tells of their own money.
            (MessageUse.Invitation or MessageUse.Invoice or MessageUse.RefundLink, _) => [.. Ordinary(ask).SelectMany(all => new[]
            {
                all, new MessageCount($"{all.Key} but codes", BesidesCodes(all.Most, isOfSafety: false)),
                new MessageCount($"{all.Key} to others", Math.Max(1, (int)((long)all.Most * ToOthersAtMost / Eighths))),
            })],
            // Nobody signs up, and nobody gets in again, without a code: accounts that make notices of themselves leave some.
            (_, var isOfSafety) => [.. Ordinary(ask).SelectMany(all => new[]
            {
                all, new MessageCount($"{all.Key} but codes", BesidesCodes(all.Most, isOfSafety)),
            })],
        };
    }

    /// <summary>What is somebody's own. By the last of them it is known how many he has had.</summary>
    public MessageCount[] Own(MessageAsk ask) => ask.Use switch
    {
        MessageUse.Code => [.. OfAsker(ask)],
        // In places of their own: whoever invites somebody often, or many, keeps no code from anybody.
        MessageUse.Invitation =>
        [
            new($"invitation to {ask.To.ToUpperInvariant()}", settings.InvitationsPerRecipient),
            new($"all invitations by {ask.Channel}", Invitations(ask.Channel)),
            .. OfAsker(ask),
        ],
        // Who paid from a wallet of ours: what one business does with others of its customers keeps nobody from being told.
        MessageUse.Customer when ask.User is { } payer =>
        [
            new($"all customers{Back(ask)} by {ask.Channel}", Invitations(ask.Channel)),
            new($"customer notices{Back(ask)} to {payer} by {ask.Channel}", Math.Min(settings.InvitationsPerRecipient, OfUser(ask.Channel))),
        ],
        MessageUse.Customer => OfBusiness(ask, $"all customers{Back(ask)}", $"customer notices{Back(ask)}"),
        MessageUse.Invoice => OfBusiness(ask, "all invoices", "invoices"),
        MessageUse.RefundLink =>
        [
            new($"all refund links by {ask.Channel}", Invitations(ask.Channel)),
            new($"refund links to {ask.To.ToUpperInvariant()}", settings.InvitationsPerRecipient),
            new($"refund links of {ask.Merchant} by {ask.Channel}", OfUser(ask.Channel)),
            new($"refund links of {ask.Session} to {ask.To.ToUpperInvariant()}", RefundLinksOfSession),
        ],
        // Whoever is told has brought it about, more often than not.
        _ => ask.User is { } user
            ? [new($"{ask.Use} notices of {user} by {ask.Channel}", OfUser(ask.Channel))]
            : throw new ArgumentException("A notice is somebody's.", nameof(ask)),
    };

    /// <summary>How a key is stored.</summary>
    public byte[] DigestOf(string name) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(name));

    // Of one business a part: else it keeps all others from saying anything to this customer.
    private MessageCount[] OfBusiness(MessageAsk ask, string all, string name) =>
    [
        new($"{all} by {ask.Channel}", Invitations(ask.Channel)),
        new($"{name} to {ask.To.ToUpperInvariant()}", settings.InvitationsPerRecipient),
        new($"{name} to {ask.To.ToUpperInvariant()} of {ask.Merchant}", Math.Max(1, settings.InvitationsPerRecipient / PartOfBusiness)),
        new($"{name} of {ask.Merchant} by {ask.Channel}", OfUser(ask.Channel)),
    ];

    // What takes something back uses up nothing of what is kept for saying it.
    private static string Back(MessageAsk ask) => ask.IsTakenBack ? " of what was taken back" : "";

    private static bool IsOfSafety(MessageAsk ask) => 
        ask.Use is MessageUse.Security or MessageUse.Login or MessageUse.Settings or MessageUse.Customer;

    private static int FewOf(MessageAsk ask) => (ask.Use, ask.Channel) switch
    {
        (MessageUse.Security, MessageChannel.Email) => FewMailsOfSafety,
        (MessageUse.Security, _) => FewSmsOfSafety,
        (MessageUse.Login, _) => FewOfLogins,
        _ => 0,
    };

    private IEnumerable<MessageCount> Whole(MessageAsk ask)
    {
        if (ask.Channel == MessageChannel.Email)
        {
            yield return new("all email", settings.Emails);
            yield break;
        }

        yield return new("all sms", settings.Sms);
        yield return new($"sms to {Plans.Parse(ask.To, defaultRegion: null).CountryCode}", settings.SmsPerCountry);
    }

    // What is not kept for safety.
    private IEnumerable<MessageCount> Ordinary(MessageAsk ask) =>
        Whole(ask).Select(all => all with { Most = all.Most - Kept(all.Most) });

    // This machine itself is no network: a developer's is one stranger else. What one recipient is sent is counted where codes are written,
    // which knows the last of them (OneTimeCodes).
    private IEnumerable<MessageCount> OfAsker(MessageAsk ask)
    {
        if (ask.Asker is not { IsThisMachine: false } address)
        {
            yield break;
        }

        foreach (var (place, most) in new[]
        {
            (address.WideRange, (long)settings.CodesPerRange), (address.Block, (long)settings.CodesPerRange * NetworksOfBlock),
        })
        {
            if (place is not null)
            {
                yield return new($"range {place}", (int)Math.Min(int.MaxValue, most));
                if (ask.Channel == MessageChannel.Sms)
                {
                    // A country's day is less than what a network may ask for by mail.
                    yield return new($"sms of range {place}", (int)Math.Max(1, most / SmsAreDearer));
                }
            }
        }
    }

    private int Kept(int most) => most - (int)((long)most * (Percent - settings.SecurityPercent) / Percent);

    private static int BesidesCodes(int ordinary, bool isOfSafety) =>
        (int)Math.Max(1, (long)ordinary * (isOfSafety ? SafetyAtMost : MoneyAtMost) / Eighths);

    private int Invitations(MessageChannel channel)
    {
        var all = channel == MessageChannel.Email ? settings.Emails : settings.Sms;
        return Math.Max(1, (all - Kept(all)) / PartForInvitations);
    }

    private int OfUser(MessageChannel channel) =>
        channel == MessageChannel.Email ? settings.NoticeEmailsPerUser : settings.NoticeSmsPerUser;
}
