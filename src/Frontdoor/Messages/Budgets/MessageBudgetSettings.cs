using System.ComponentModel.DataAnnotations;

namespace StellarPay.Frontdoor.Messages.Budgets;

/// <summary>How many messages are sent in a day (UTC), by all front doors together.</summary>
internal sealed class MessageBudgetSettings
{
    private const int Most = 1_000_000_000;

    /// <summary>E-mails, of all together.</summary>
    [Range(1, Most)]
    public int Emails { get; set; } = 20_000;

    /// <summary>SMS, of all together.</summary>
    [Range(1, Most)]
    public int Sms { get; set; } = 2_000;

    /// <summary>SMS to the numbers of one country calling code.</summary>
    [Range(1, Most)]
    public int SmsPerCountry { get; set; } = 500;

    /// <summary>Codes that requests from one network ask for: an IPv4 /24 or an IPv6 /48.</summary>
    [Range(1, Most)]
    public int CodesPerRange { get; set; } = 500;

    /// <summary>Codes to one e-mail address, a third of them for each of what codes prove.</summary>
    [Range(1, Most)]
    public int EmailCodesPerRecipient { get; set; } = 40;

    /// <summary>Codes to one phone number, a third of them for each of what codes prove.</summary>
    [Range(1, Most)]
    public int SmsCodesPerRecipient { get; set; } = 15;

    /// <summary>Invitations to one e-mail address or phone number, of all senders together.</summary>
    [Range(1, Most)]
    public int InvitationsPerRecipient { get; set; } = 20;

    /// <summary>E-mails to one user that tell of money, and as many of what concerns safety.</summary>
    [Range(1, Most)]
    public int NoticeEmailsPerUser { get; set; } = 100;

    /// <summary>SMS to one user that tell of money, and as many of what concerns safety.</summary>
    [Range(1, Most)]
    public int NoticeSmsPerUser { get; set; } = 10;

    /// <summary>How much of a day, of all and of a country, is kept for what concerns safety, in percent.</summary>
    [Range(0, 90)]
    public int SecurityPercent { get; set; } = 20;

    internal IEnumerable<string> Wrongs()
    {
        foreach (var property in typeof(MessageBudgetSettings).GetProperties())
        {
            var range = (RangeAttribute)Attribute.GetCustomAttribute(property, typeof(RangeAttribute))!;
            if (!range.IsValid(property.GetValue(this)))
            {
                yield return $"{MessageOptions.Section}:Budgets:{property.Name} must be from {range.Minimum} to {range.Maximum}.";
            }
        }
    }
}
