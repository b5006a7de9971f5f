using System.ComponentModel.DataAnnotations;

namespace StellarPay.Grains.Invitations;

/// <summary>How money may be set aside for names that nobody has confirmed.</summary>
public sealed class InvitationOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StellarPay:Invitations";

    /// <summary>For how many days the name can be confirmed.</summary>
    [Range(1, 90, ErrorMessage = "StellarPay:Invitations:Days must be 1 to 90.")]
    public int Days { get; set; } = 14;

    /// <summary>How many invitations of one sender may be open at a time.</summary>
    [Range(1, 50, ErrorMessage = "StellarPay:Invitations:OpenPerSender must be 1 to 50.")]
    public int OpenPerSender { get; set; } = 5;

    /// <summary>How many invitations to one name may be open at a time, of all senders together.</summary>
    [Range(1, 1_000, ErrorMessage = "StellarPay:Invitations:OpenPerName must be 1 to 1000.")]
    public int OpenPerName { get; set; } = 20;

    /// <summary>How many invitations one sender may make in a day (UTC), those included that he takes back.</summary>
    [Range(1, 1_000, ErrorMessage = "StellarPay:Invitations:PerDay must be 1 to 1000.")]
    public int PerDay { get; set; } = 20;

    /// <summary>How often one sender may invite one name within some days, taken back or not: each is a message to it.</summary>
    [Range(1, 100, ErrorMessage = "StellarPay:Invitations:SameName must be 1 to 100.")]
    public int SameName { get; set; } = 3;

    /// <summary>Within how many days.</summary>
    [Range(1, 90, ErrorMessage = "StellarPay:Invitations:SameNameDays must be 1 to 90.")]
    public int SameNameDays { get; set; } = 7;
}
