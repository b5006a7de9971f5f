using System.Text.Json.Serialization;

namespace StellarPay.Frontdoor.Me.Profiles;

/// <summary>
/// A change of one's profile as a JSON merge patch (RFC 7396): what is named is set, what is null is as it was before one said
/// anything, and what is not named stays. Nothing but what is here may be named.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed class ProfileRequest
{
    private readonly HashSet<string> _given = [];

    /// <summary>What I am called: 1 to 100 characters.</summary>
    public string? FullName
    {
        get;
        set => (field, _) = (value, _given.Add(nameof(FullName)));
    }

    /// <summary>A language tag (BCP 47) such as <c>de</c> or <c>pt-BR</c>. Messages come in English and German.</summary>
    public string? Language
    {
        get;
        set => (field, _) = (value, _given.Add(nameof(Language)));
    }

    /// <summary>An IANA time zone such as <c>Europe/Paris</c>, for the times in messages.</summary>
    public string? TimeZone
    {
        get;
        set => (field, _) = (value, _given.Add(nameof(TimeZone)));
    }

    /// <summary>What I want to be told.</summary>
    public NoticesRequest? Notifications
    {
        get;
        set => (field, _) = (value, _given.Add(nameof(Notifications)));
    }

    /// <summary>My password: as long as I have no second factor, with <c>notifications</c>. Whoever has one shows that.</summary>
    public string? Password { get; set; }

    /// <summary>Whether a field was named, be it as null.</summary>
    public bool Has(string field) => _given.Contains(field);
}

/// <summary>What is told by which channel; null for all that is usual.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed class NoticesRequest
{
    private readonly HashSet<string> _given = [];

    /// <summary>By e-mail.</summary>
    public ChannelRequest? Email
    {
        get;
        set => (field, _) = (value, _given.Add(nameof(Email)));
    }

    /// <summary>By SMS.</summary>
    public ChannelRequest? Sms
    {
        get;
        set => (field, _) = (value, _given.Add(nameof(Sms)));
    }

    /// <summary>Whether a field was named, be it as null.</summary>
    public bool Has(string field) => _given.Contains(field);
}

/// <summary>What is told by one channel.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed class ChannelRequest
{
    /// <summary>Who came in, and what was changed of the account. Always true: it cannot be switched off.</summary>
    public bool? Security { get; set; }

    /// <summary>Money that was sent or has come. Null: by e-mail, and by SMS where no e-mail address is confirmed.</summary>
    public bool? Money
    {
        get;
        set => (field, HasMoney) = (value, true);
    }

    /// <summary>Whether it was named, be it as null.</summary>
    [JsonIgnore]
    public bool HasMoney { get; private set; }
}
