namespace StellarPay.Grains.Invitations;

/// <summary>Why the storage refused a write for what it does to invitations.</summary>
public enum InvitationRefusal
{
    /// <summary>It was refused for something else.</summary>
    None,

    /// <summary>As many invite the name as may.</summary>
    NameFull,

    /// <summary>The name is somebody's, or kept for somebody.</summary>
    NameTaken,

    /// <summary>The same sender invites the name already.</summary>
    AlreadyInvited,

    /// <summary>The same sender has invited the name too often of late.</summary>
    InvitedOften,

    /// <summary>The name of one that was to end was confirmed in time.</summary>
    Confirmed,
}

/// <summary>Reads what the storage said of a write.</summary>
public interface IInvitationRefusals
{
    /// <summary>Why a write failed.</summary>
    InvitationRefusal Of(Exception writeFailure);
}
