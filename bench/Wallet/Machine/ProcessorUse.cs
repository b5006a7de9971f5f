using System.Globalization;

namespace StellarPay.Bench.Wallet.Machine;

/// <summary>Processor time by process and, inside the product, by kind of thread; from Linux' /proc.</summary>
internal sealed class ProcessorUse(int product, int sandbox, int postgres)
{
    private const double TicksASecond = 100;
    private const int ParentField = 1;
    private const int UserField = 11;
    private const int ReapedUserField = 13;

    /// <summary>Seconds of processor time used so far.</summary>
    public IReadOnlyDictionary<string, double> Read()
    {
        var use = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["product"] = SecondsOf(FieldsOf($"/proc/{product}/stat")),
            ["sandbox"] = SecondsOf(FieldsOf($"/proc/{sandbox}/stat")),
            ["postgresql"] = SecondsOfTree(postgres),
            ["load"] = SecondsOf(FieldsOf("/proc/self/stat")),
        };
        foreach (var task in Directory.GetDirectories($"/proc/{product}/task"))
        {
            var name = $"product/{GroupOf(task)}";
            use[name] = use.GetValueOrDefault(name) + SecondsOf(FieldsOf(Path.Combine(task, "stat")));
        }

        return use;
    }

    /// <summary>What was used between two readings; groups that used next to nothing are left out.</summary>
    public static IReadOnlyDictionary<string, double> Between(
        IReadOnlyDictionary<string, double> before, IReadOnlyDictionary<string, double> after) => after
        .Select(group => (group.Key, Seconds: Math.Round(group.Value - before.GetValueOrDefault(group.Key), 2)))
        .Where(group => group.Seconds > 0.1)
        .ToDictionary(group => group.Key, group => group.Seconds);

    private static string GroupOf(string task)
    {
        try
        {
            var name = File.ReadAllText(Path.Combine(task, "comm")).Trim();
            return name.StartsWith(".NET TP", StringComparison.Ordinal) ? "pool"
                : name.StartsWith(".NET Sock", StringComparison.Ordinal) ? "sockets"
                : name.Contains("GC", StringComparison.Ordinal) ? "gc"
                : name.Contains("Tier", StringComparison.Ordinal) ? "jit"
                : "other";
        }
        catch (IOException)
        {
            return "other";
        }
    }

    // The children that ended are in the parent's own count.
    private static double SecondsOfTree(int root)
    {
        var fields = FieldsOf($"/proc/{root}/stat");
        var seconds = SecondsOf(fields)
            + ((Number(fields, ReapedUserField) + Number(fields, ReapedUserField + 1)) / TicksASecond);
        var parent = root.ToString(CultureInfo.InvariantCulture);
        foreach (var directory in Directory.GetDirectories("/proc").Where(d => char.IsAsciiDigit(Path.GetFileName(d)[0])))
        {
            var child = FieldsOf(Path.Combine(directory, "stat"));
            if (child.Length > ParentField && child[ParentField] == parent)
            {
                seconds += SecondsOf(child);
            }
        }

        return seconds;
    }

    // What follows the name, which is in brackets and may hold spaces.
    private static string[] FieldsOf(string path)
    {
        try
        {
            var text = File.ReadAllText(path);
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static double SecondsOf(string[] fields) =>
        (Number(fields, UserField) + Number(fields, UserField + 1)) / TicksASecond;

    private static double Number(string[] fields, int at) =>
        fields.Length > at ? double.Parse(fields[at], CultureInfo.InvariantCulture) : 0;
}
