"""The `.mdf` settings that decide whether and where an agent connects."""

from typing import Final

HOST: Final = "Plugin_Remote_Websocket_Host"
PORT: Final = "Plugin_Remote_Websocket_Port"
PATH: Final = "Plugin_Remote_Websocket_Directory"
RETRIES: Final = "Plugin_Remote_RetryCount"
ALL_LOG: Final = "Plugin_Remote_AllLog"
DISABLED: Final = "disablePlugin"
ENABLED: Final = "enablePlugin"
EXCLUDED: Final = "exclude_Plugin_Remote"
TCP_MODES: Final = (
    "Plugin_Remote_EnableServer",
    "Plugin_Remote_EnableClient",
    "Plugin_Remote_ServerMode",
    "Plugin_Remote_ClientMode",
)

CONNECTION_SETTINGS: Final = (
    HOST,
    PORT,
    PATH,
    RETRIES,
    ALL_LOG,
    DISABLED,
    ENABLED,
    EXCLUDED,
    *TCP_MODES,
)

MANY_RETRIES: Final = "100000"
"""The value of `RETRIES` that is recommended: about 14 hours."""

FEW_RETRIES: Final = 100
"""With fewer retries the agent gives up within a minute: they are half a second apart."""
