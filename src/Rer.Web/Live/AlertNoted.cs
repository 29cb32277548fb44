using Rer.Engine.Runs.Alerts;
using Rer.Engine.Runs.Events;

namespace Rer.Web.Live;

/// <summary>
/// An alert's opening or closing as the log shows it: judged from what was recorded, so no stream has it. It stands where the event stands
/// that brought it about.
/// </summary>
/// <param name="Change">What opened or closed.</param>
public sealed record AlertNoted(AlertChange Change) : RunEvent;
