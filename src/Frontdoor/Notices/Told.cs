using StellarPay.Frontdoor.Me.Profiles;
using StellarPay.Frontdoor.Messages;

namespace StellarPay.Frontdoor.Notices;

/// <summary>Somebody who may be told something, and how he wants it.</summary>
/// <param name="User">His id.</param>
/// <param name="SealedEmail">His confirmed e-mail address, encrypted, or null. It is opened once something goes there.</param>
/// <param name="SealedPhone">His confirmed phone number, encrypted, or null.</param>
/// <param name="Profile">What he says of himself.</param>
internal sealed record Told(string User, byte[]? SealedEmail, byte[]? SealedPhone, Profile Profile)
{
    /// <summary>All ways to reach him.</summary>
    public IEnumerable<MessageChannel> All
    {
        get
        {
            if (SealedEmail is not null)
            {
                yield return MessageChannel.Email;
            }

            if (SealedPhone is not null)
            {
                yield return MessageChannel.Sms;
            }
        }
    }

    /// <summary>How he is told of a kind of thing.</summary>
    /// <param name="kind">What is told.</param>
    /// <param name="strangers">Whether strangers can bring it about: an SMS for it is sent only to who has asked for it.</param>
    public IEnumerable<MessageChannel> Ways(NoticeKind kind, bool strangers = false) => All.Where(channel => channel switch
    {
        MessageChannel.Email => kind != NoticeKind.Money || (Profile.EmailMoney ?? true),
        _ => kind != NoticeKind.Money ? SealedEmail is null : Profile.SmsMoney ?? (SealedEmail is null && !strangers),
    });
}
