namespace StellarPay.Frontdoor.Webhooks.Commands;

/// <summary>What stands behind a command, as <c>--name value</c> each.</summary>
internal sealed class CommandArguments
{
    private readonly Dictionary<string, string> _given = new(StringComparer.Ordinal);

    private CommandArguments()
    {
    }

    public string? this[string name] => _given.GetValueOrDefault(name);

    /// <summary>Null where something else stands there, or something twice.</summary>
    public static CommandArguments? Read(string[] command, params string[] known)
    {
        var read = new CommandArguments();
        for (var at = 0; at < command.Length; at += 2)
        {
            if (at + 1 == command.Length || !known.Contains(command[at]) || !read._given.TryAdd(command[at], command[at + 1]))
            {
                return null;
            }
        }

        return read;
    }
}
