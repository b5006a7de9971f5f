using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Me.Profiles;
using StellarPay.Frontdoor.Messages;
using StellarPay.Frontdoor.Notices;

namespace StellarPay.Frontdoor.Me.ContactChanges;

/// <summary>What those are told who have the contacts that a user has confirmed so far.</summary>
internal sealed class ContactChangeMessages(MessageTransports transports, TimeProvider machine)
{
    /// <summary>That another was asked for.</summary>
    public IReadOnlyList<Message> Asked(User user, UserNames names, Profile profile, ContactKind kind, DateTimeOffset at)
    {
        var text = NoticeWords.For(profile.Language).ChangeAsked(kind, LocalTime.Of(at, profile.TimeZone));
        return [.. ToldOf(user, names).Select(contact => MessageOf(contact, text, code: null))];
    }

    /// <summary>That there is another, and how to undo it.</summary>
    public IReadOnlyList<Message> Changed(
        User user, UserNames names, Profile profile, ContactKind kind, LongCode undo, DateTimeOffset until)
    {
        var text = NoticeWords.For(profile.Language).Changed(kind, undo.Reveal(), LocalTime.Of(until, profile.TimeZone));
        return [.. ToldOf(user, names).Select(contact => MessageOf(contact, text, undo.Reveal()))];
    }

    /// <summary>That a second factor was set up, and how to undo it.</summary>
    public IReadOnlyList<Message> FactorAdded(
        User user, UserNames names, Profile profile, DateTimeOffset at, LongCode undo, DateTimeOffset until)
    {
        var text = NoticeWords.For(profile.Language).FactorAdded(
            LocalTime.Of(at, profile.TimeZone), undo.Reveal(), LocalTime.Of(until, profile.TimeZone));
        return [.. ToldOf(user, names).Select(contact => MessageOf(contact, text, undo.Reveal()))];
    }

    // All that he has confirmed, the one that is exchanged among them: whoever reads one of them does not read the other. What nothing is
    // sent to any more is passed over.
    private IEnumerable<Contact> ToldOf(User user, UserNames names) => Contact.Kinds
        .Where(user.HasConfirmed)
        .Select(names.Of).OfType<Contact>()
        .Where(contact => transports.Offers(contact.Channel));

    private Message MessageOf(Contact contact, NoticeText text, string? code) => new(
        MessageOutbox.NewId(machine), contact.Channel, contact.Name, text.Subject,
        contact.Channel == MessageChannel.Sms ? text.Short : text.Text, code);
}
