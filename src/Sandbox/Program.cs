using StellarPay.Sandbox.Replay;

if (args is [ReplayCommand.Name, .. var files])
{
    return await ReplayCommand.RunAsync(files, Console.Out, CancellationToken.None);
}

return 0;
