using StellarPay.Grains.Access;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Network;

/// <summary>An owner who is told something by others, as operators see to what it could not take in.</summary>
[Alias("sp.ISetAsideRowsOwner"), ForOperators]
public interface ISetAsideRowsOwner : IGrainWithStringKey
{
    /// <summary>Takes in what was set aside, once, however often this is asked; what its sender told after it goes on.</summary>
    /// <param name="id">The row's number.</param>
    /// <param name="operatorId">Who asks.</param>
    /// <returns>1; or <c>set_aside_row_not_found</c>, <c>set_aside_row_refused</c>.</returns>
    [Alias("RetrySetAside")]
    Task<Result<int>> RetrySetAsideAsync(long id, UserId operatorId);

    /// <summary>Gives up what was set aside: it moves nothing, ever, and is told; what its sender told after it goes on.</summary>
    /// <param name="id">The row's number.</param>
    /// <param name="operatorId">Who decided it.</param>
    /// <returns>1; or <c>set_aside_row_not_found</c>, <c>set_aside_row_not_closed</c>.</returns>
    [Alias("CloseSetAside")]
    Task<Result<int>> CloseSetAsideAsync(long id, UserId operatorId);
}
