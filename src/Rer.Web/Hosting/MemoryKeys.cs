using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Rer.Web.Hosting;

/// <summary>
/// The keys that protect forms and circuits of open pages, kept in memory: they are of no use to the next process, and a file of keys
/// in the user's home would only be one more thing to guard.
/// </summary>
internal sealed class MemoryKeys : IXmlRepository
{
    private readonly Lock _gate = new();
    private readonly List<XElement> _keys = [];

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        lock (_gate) return [.. _keys.Select(key => new XElement(key))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        lock (_gate) _keys.Add(new XElement(element));
    }
}
