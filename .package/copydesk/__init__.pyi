from copydesk.flows.api.clean import Cleaned as Cleaned
from copydesk.flows.api.clean import clean as clean
from copydesk.flows.api.duplicates import dedupe as dedupe
from copydesk.flows.api.duplicates import find_stories as find_stories
from copydesk.flows.api.home import Warehouse as Warehouse
from copydesk.flows.api.home import open as open
from copydesk.flows.api.home import run as run
from copydesk.flows.api.tag import Tagged as Tagged
from copydesk.flows.api.tag import tag as tag
from copydesk.flows.errors import Busy as Busy
from copydesk.flows.errors import CopydeskError as CopydeskError
from copydesk.flows.errors import GateFailed as GateFailed
from copydesk.flows.errors import MissingExtra as MissingExtra
from copydesk.flows.errors import UsageError as UsageError
from copydesk.flows.run.pipeline import RunResult as RunResult

__version__: str
