using System.Text;
using System.Text.Json.Nodes;
using NodaTime;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Errors;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Keys.Subjects;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Me.Profiles;

/// <summary>What is to be changed of a profile, after it has been checked: columns and their values.</summary>
internal sealed class ProfileChange
{
    private const string FullNameColumn = "full_name";

    private readonly JsonObject _columns = [];
    private string? _fullName;

    private ProfileChange()
    {
    }

    public bool IsEmpty => _columns.Count == 0;

    /// <summary>As <c>identity.profile_change</c> takes it; what is personal is encrypted under its user's key.</summary>
    public async Task<string> SealAsync(UserId user, ISubjectKeys keys, CancellationToken cancellationToken)
    {
        var columns = (JsonObject)_columns.DeepClone();
        if (_fullName is { } name)
        {
            columns[FullNameColumn] = Convert.ToBase64String(
                await keys.SealAsync(FullNameOf(user), Encoding.UTF8.GetBytes(name), cancellationToken));
        }

        return columns.ToJsonString();
    }

    /// <summary>Where a user's name is stored.</summary>
    public static SubjectField FullNameOf(UserId user) => new(user.Value, "identity.profiles", FullNameColumn, IsPersonal: true);

    /// <summary>Reads what a client asks for.</summary>
    public static (ProfileChange? Change, Problem? Problem) Read(ProfileRequest request)
    {
        var change = new ProfileChange();
        var problem = change.TakeName(request) ?? change.TakeLanguage(request)
            ?? change.TakeTimeZone(request) ?? change.TakeNotices(request);
        return problem is null ? (change, null) : (null, problem);
    }

    /// <summary>Reads what somebody says of himself when he signs up; what is null he has not said.</summary>
    public static (ProfileChange? Change, Problem? Problem) Read(SignUpRequest request)
    {
        var said = new ProfileRequest();
        if (request.FullName is not null)
        {
            said.FullName = request.FullName;
        }

        if (request.Language is not null)
        {
            said.Language = request.Language;
        }

        if (request.TimeZone is not null)
        {
            said.TimeZone = request.TimeZone;
        }

        return Read(said);
    }

    private Problem? TakeName(ProfileRequest request)
    {
        if (!request.Has(nameof(request.FullName)))
        {
            return null;
        }

        if (request.FullName is not null && !PersonName.TryParse(request.FullName, out _fullName))
        {
            return Problem.Invalid(
                "full_name_invalid", "'full_name' has 1 to 100 characters, and none that is not seen.", FullNameColumn);
        }

        _columns[FullNameColumn] = null;
        return null;
    }

    private Problem? TakeLanguage(ProfileRequest request)
    {
        if (!request.Has(nameof(request.Language)))
        {
            return null;
        }

        string? tag = null;
        if (request.Language is not null && !LanguageTag.TryParse(request.Language, out tag))
        {
            return Problem.Invalid("language_invalid", "'language' must be a language tag (BCP 47) such as de or pt-BR.", "language");
        }

        _columns["language"] = tag;
        return null;
    }

    private Problem? TakeTimeZone(ProfileRequest request)
    {
        if (!request.Has(nameof(request.TimeZone)))
        {
            return null;
        }

        if (request.TimeZone is { } zone && DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is null)
        {
            return Problem.Invalid("time_zone_invalid", "'time_zone' must be an IANA time zone such as Europe/Paris.", "time_zone");
        }

        _columns["time_zone"] = request.TimeZone;
        return null;
    }

    // Where a channel, or all of them, is null, everything of it is as usual.
    private Problem? TakeNotices(ProfileRequest request)
    {
        if (!request.Has(nameof(request.Notifications)))
        {
            return null;
        }

        var notices = request.Notifications;
        var all = notices is null;
        return TakeChannel("email", all || notices!.Has(nameof(notices.Email)), notices?.Email)
            ?? TakeChannel("sms", all || notices!.Has(nameof(notices.Sms)), notices?.Sms);
    }

    private Problem? TakeChannel(string channel, bool given, ChannelRequest? wish)
    {
        if (wish?.Security == false)
        {
            return Problem.Of(new Error(
                ErrorKind.Refused, "security_notices_required", "What concerns the safety of an account is always told.",
                $"notifications.{channel}.security"));
        }

        if (given && (wish is null || wish.HasMoney))
        {
            _columns[$"{channel}_money"] = wish?.Money;
        }

        return null;
    }
}
