using System.Collections.Concurrent;
using StellarPay.Grains.Refunds;

namespace StellarPay.Grains.Tests.World;

/// <summary>Everybody may say where a merchant's refunds go, but who was dismissed.</summary>
internal sealed class MemoryDeciders : IRefundDeciders
{
    private readonly ConcurrentDictionary<string, bool> _dismissed = [];

    public void Dismiss(string user) => _dismissed[user] = true;

    public Task<bool> MayAsync(string merchant, string user, CancellationToken cancellationToken) =>
        Task.FromResult(!_dismissed.ContainsKey(user));
}
