using StellarPay.Sandbox.Hosting;
using StellarPay.Sandbox.Replay;

return args is [ReplayCommand.Name, .. var files]
    ? await ReplayCommand.RunAsync(files, Console.Out, CancellationToken.None)
    : await RunCommand.RunAsync(args, Console.Out, Console.Error);
