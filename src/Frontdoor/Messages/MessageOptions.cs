using System.ComponentModel.DataAnnotations;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Messages.Budgets;

namespace StellarPay.Frontdoor.Messages;

/// <summary>How messages leave. Section <c>StellarPay:Messages</c>.</summary>
internal sealed class MessageOptions : IValidatableObject
{
    public const string Section = "StellarPay:Messages";

    /// <summary>The mail server.</summary>
    public SmtpSettings Smtp { get; set; } = new();

    /// <summary>Who sends SMS for us.</summary>
    public SmsSettings Sms { get; set; } = new();

    /// <summary>How many are sent in a day.</summary>
    public MessageBudgetSettings Budgets { get; set; } = new();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Smtp.Wrongs().Concat(Sms.Wrongs()).Concat(Budgets.Wrongs()).Select(wrong => new ValidationResult(wrong));
}

/// <summary>How the connection to the mail server is kept from others.</summary>
internal enum SmtpSecurity
{
    /// <summary>STARTTLS, and no message without it.</summary>
    StartTls,

    /// <summary>TLS from the first byte.</summary>
    Tls,

    /// <summary>Nothing; for a server on this machine.</summary>
    None,
}

/// <summary>A mail server that takes our messages (SMTP submission, RFC 6409).</summary>
internal sealed class SmtpSettings
{
    public string Host { get; set; } = "";

    [Range(1, 65535)]
    public int Port { get; set; } = 587;

    public SmtpSecurity Security { get; set; } = SmtpSecurity.StartTls;

    public string User { get; set; } = "";

    public string Password { get; set; } = "";

    /// <summary>The address that messages come from.</summary>
    public string From { get; set; } = "";

    internal bool IsSet => Host.Length > 0;

    internal IEnumerable<string> Wrongs()
    {
        if (IsSet && !EmailAddress.TryParse(From, out _))
        {
            yield return "StellarPay:Messages:Smtp:From must be the e-mail address that messages come from.";
        }

        if (Port is < 1 or > 65535)
        {
            yield return "StellarPay:Messages:Smtp:Port must be from 1 to 65535.";
        }

        if (IsSet && Security == SmtpSecurity.None && !IsThisMachine(Host))
        {
            yield return "StellarPay:Messages:Smtp:Security may be None for a mail server on this machine only: messages hold codes.";
        }

        if (User.Length > 0 != Password.Length > 0)
        {
            yield return "StellarPay:Messages:Smtp:User and Password go together.";
        }
    }

    private static bool IsThisMachine(string host) =>
        host == "localhost" || (System.Net.IPAddress.TryParse(host, out var address) && System.Net.IPAddress.IsLoopback(address));
}

/// <summary>A webhook that sends SMS.</summary>
internal sealed class SmsSettings
{
    private const int ShortestSecret = 32;

    /// <summary>Where messages are posted to.</summary>
    public string Url { get; set; } = "";

    /// <summary>What requests are signed with.</summary>
    public string Secret { get; set; } = "";

    internal bool IsSet => Url.Length > 0;

    internal IEnumerable<string> Wrongs()
    {
        if (IsSet && !(Uri.TryCreate(Url, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))))
        {
            yield return "StellarPay:Messages:Sms:Url must be an https URL; only this machine's own may be http.";
        }

        if (IsSet && Secret.Length < ShortestSecret)
        {
            yield return "StellarPay:Messages:Sms:Secret must have at least 32 characters: requests to the webhook are signed with it.";
        }
    }
}
