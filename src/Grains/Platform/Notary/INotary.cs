using StellarPay.Grains.Audit;

namespace StellarPay.Grains.Platform.Notary;

/// <summary>The notary as its work sees it.</summary>
internal interface INotary
{
    /// <summary>Its address; empty while it has no key.</summary>
    string Address { get; }

    /// <summary>Whether a head is to be written now.</summary>
    bool IsDue { get; }

    /// <summary>The transaction that is about to be signed writes this head. In a turn.</summary>
    void Intend(AuditHead head);
}
