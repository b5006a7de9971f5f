namespace Orleans
{
    internal static class Placeholder;
}

namespace Orleans.Runtime
{
    internal static class Placeholder;
}

namespace Orleans.Hosting
{
    internal static class Placeholder;
}
