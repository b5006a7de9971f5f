using StellarPay.Frontdoor.Me.Profiles;
using StellarPay.Frontdoor.Messages;

namespace StellarPay.Frontdoor.Notices;

/// <summary>Somebody who may be told something, and how he wants it.</summary>
/// <param name="User">His id.</param>
/// <param name="Email">His confirmed e-mail address, or null.</param>
/// <param name="Phone">His confirmed phone number, or null.</param>
/// <param name="Profile">What he says of himself.</param>
internal sealed record Told(string User, string? Email, string? Phone, Profile Profile)
{
    /// <summary>Where he is told of a kind of thing: each address with its channel.</summary>
    /// <param name="kind">What is told.</param>
    /// <param name="strangers">Whether strangers can bring it about: an SMS for it is sent only to who has asked for it.</param>
    public IEnumerable<(MessageChannel Channel, string To)> Ways(NoticeKind kind, bool strangers = false)
    {
        if (Email is not null && (kind != NoticeKind.Money || (Profile.EmailMoney ?? true)))
        {
            yield return (MessageChannel.Email, Email);
        }

        if (Phone is not null && (kind != NoticeKind.Money ? Email is null : Profile.SmsMoney ?? (Email is null && !strangers)))
        {
            yield return (MessageChannel.Sms, Phone);
        }
    }
}
