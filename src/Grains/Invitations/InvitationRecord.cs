using System.Text.Json.Serialization;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Money;
using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Invitations;

/// <summary>An invitation as its sender's wallet stores it. Property names in stored JSON are a contract.</summary>
[GenerateSerializer, Alias("sp.InvitationRecord")]
internal sealed class InvitationRecord
{
    [Id(0)] public string Id { get; set; } = "";

    [Id(1)] public InvitationStatus Status { get; set; }

    /// <summary>The asset's canonical form.</summary>
    [Id(2)] public string Asset { get; set; } = "";

    [Id(3)] public long Stroops { get; set; }

    /// <summary>The name and the sender's note, which only front doors read.</summary>
    [Id(4)] public byte[] Sealed { get; set; } = [];

    [Id(5)] public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Until when the name can be confirmed.</summary>
    [Id(6)] public DateTimeOffset ExpiresAt { get; set; }

    [Id(7), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>
    /// What it was worth when it was made, in units of the reference currency: so much it counts against its sender's limits, whatever
    /// becomes of rates.
    /// </summary>
    [Id(8)] public long LimitUnits { get; set; }

    /// <summary>Who confirmed the name; while it is to be paid.</summary>
    [Id(9), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? User { get; set; }

    /// <summary>The name as he gave it; while it is to be paid.</summary>
    [Id(10), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; set; }

    /// <summary>When to try to pay it next, and until when; while it is to be paid.</summary>
    [Id(11), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OpeningWait? Wait { get; set; }

    [Id(12), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Payment { get; set; }

    [Id(13), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FailureCode { get; set; }

    /// <summary>Whether the amount is kept back here; once there is a payment, that does it.</summary>
    [JsonIgnore] public bool HoldsReservation => Status is InvitationStatus.Open or InvitationStatus.Due;

    /// <summary>Whether nothing can become of it any more, so that it may be forgotten.</summary>
    [JsonIgnore] public bool IsOver => InvitationTransitions.IsTerminal(Status);

    public InvitationView ToView() => new(
        InvitationId.Parse(Id), Status, new Amount(Money.Asset.Parse(Asset), Stroops), Sealed, CreatedAt, ExpiresAt, EndedAt,
        Payment is null ? null : PaymentId.Parse(Payment), FailureCode);
}
