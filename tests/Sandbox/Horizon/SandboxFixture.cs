using StellarPay.Sandbox.Tests.Running;

namespace StellarPay.Sandbox.Tests.Horizon;

/// <summary>A sandbox that a class of tests shares, each with accounts of its own.</summary>
public sealed class SandboxFixture : IAsyncLifetime
{
    internal TestSandbox Sandbox { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Sandbox = await TestSandbox.StartAsync();

    public ValueTask DisposeAsync() => Sandbox.DisposeAsync();
}
