using StellarPay.Sandbox.Hosting;
using StellarPay.Sandbox.Inspection;
using StellarPay.Sandbox.Replay;

return args switch
{
    [ReplayCommand.Name, .. var files] => await ReplayCommand.RunAsync(files, Console.Out, CancellationToken.None),
    [TxCommand.Name, .. var rest] => await TxCommand.RunAsync(rest, Console.In, Console.Out, Console.Error),
    _ => await RunCommand.RunAsync(args, Console.Out, Console.Error),
};
