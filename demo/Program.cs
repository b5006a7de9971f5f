using StellarPay.Demo;

var frontDoor = new Uri(Environment.GetEnvironmentVariable("STELLARPAY_URL")
    ?? $"http://127.0.0.1:{Environment.GetEnvironmentVariable("STELLARPAY_HTTP_PORT") ?? "5080"}");
var sandboxAddress = new Uri(Environment.GetEnvironmentVariable("STELLARPAY_SANDBOX_URL")
    ?? $"http://127.0.0.1:{Environment.GetEnvironmentVariable("STELLARPAY_SANDBOX_PORT") ?? "8000"}");

using var api = new ApiClient(frontDoor);
using var sandbox = new ApiClient(sandboxAddress);
await using var instance = new Instance(api, Environment.GetEnvironmentVariable("STELLARPAY_SCRIPT"));
try
{
    Console.WriteLine(await instance.EnsureAsync()
        ? $"StellarPay was started for this demo at {frontDoor}"
        : $"StellarPay is running at {frontDoor}");
    await new MainJob(instance, frontDoor, sandbox).RunAsync();
    return 0;
}
catch (Exception e) when (e is DemoException or TimeoutException or HttpRequestException)
{
    Console.Error.WriteLine();
    Console.Error.WriteLine($"The demo ended: {e.Message}");
    return 1;
}
