using Microsoft.Extensions.Logging;
using StellarPay.Sandbox;
using StellarPay.Tests.Shared.Node;

namespace StellarPay.Conformance.Tests;

public sealed class JavaScriptSdkTests
{
    [Fact]
    public async Task The_official_Stellar_SDK_lives_through_its_story_on_the_sandbox()
    {
        await using var sandbox = await SandboxHost.StartAsync(
            new SandboxOptions { Port = 0, CloseInterval = TimeSpan.FromMilliseconds(100) },
            configureLogging: logging => logging.ClearProviders(),
            cancellationToken: TestContext.Current.CancellationToken);
        await NodeScripts.RunAsync("sandbox.test.mjs", ("SANDBOX_URL", sandbox.BaseAddress.ToString()));
    }
}
